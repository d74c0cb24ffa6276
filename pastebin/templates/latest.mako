## The newest public uploads as a wall of thumbnails.
<%inherit file="layout.mako"/>
<%block name="title">${_("Latest")} · ${brand.site_name}</%block>
<h1>${_("Latest")}</h1>
<ul class="wall">
% for file in files:
  <li><a href="${page.path('p', file.filehash)}">
% if file.width:
    <img src="${page.path('i', file.filehash)}?w=320&amp;h=320&amp;fit=contain" alt="" loading="lazy">
% endif
    <bdi>${file.filename}</bdi></a></li>
% endfor
</ul>
<p>
% if newer:
<a href="${newer}" rel="prev">${_("Newer")}</a>
% endif
% if older:
<a href="${older}" rel="next">${_("Older")}</a>
% endif
</p>
