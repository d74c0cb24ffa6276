## The newest public uploads as a wall of thumbnails.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%!
ICONS = {"video": "image", "audio": "file", "pdf": "text"}
%>
<%block name="title">${_("Latest")} · ${brand.site_name}</%block>
<%block name="head">
<link rel="stylesheet" href="${page.static('css/file.css')}">
</%block>
<%block name="bar">
<a class="quiet" href="${page.home}">${icons.icon("upload")}<span>${_("Share a file")}</span></a>
</%block>
<h1>${_("Latest")}</h1>
% if files:
<ul class="wall">
% for file in files:
  <li><a href="${page.path('p', file.filehash)}">
    <span class="wall-picture">
% if not file.is_restricted:
      <img src="${page.path('t', file.filehash)}" alt="" loading="lazy">
% else:
      ${icons.icon("text" if file.is_text else ICONS.get(file.kind, "file"))}
% endif
    </span>
    <bdi class="wrap">${file.heading}</bdi>
    <span class="hint">${page.size(file.size)} · ${page.date(file.uploadtime)}</span></a></li>
% endfor
</ul>
% else:
<p class="plain-card">${_("Nothing has been shared yet.")}</p>
% endif
<nav class="pages" aria-label="${_('Pages')}">
% if newer:
  <a class="button" href="${newer}" rel="prev">${_("Newer")}</a>
% endif
% if older:
  <a class="button" href="${older}" rel="next">${_("Older")}</a>
% endif
</nav>
