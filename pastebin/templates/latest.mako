## The newest public uploads as a wall of thumbnails.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="pictures" file="pictures.mako"/>
<%namespace name="zoomed" file="zoomed.mako"/>
<%namespace name="admin" file="admin_parts.mako"/>
<%
KIND_WORDS = {"image": _("Images"), "video": _("Videos"), "audio": _("Sounds"), "text": _("Texts"), "pdf": "PDF", "other": _("Others")}
%>
<%block name="title">${_("Latest")} · ${brand.site_name}</%block>
<%block name="head">
<link rel="stylesheet" href="${page.static('css/file.css')}">
<script type="module" src="${page.static('js/gallery.js')}"></script>
</%block>
<%block name="bar">
<a class="quiet" href="${page.home}">${icons.icon("upload")}<span>${_("Share a file")}</span></a>
</%block>
<h1>${_("Latest")}</h1>
% if page.is_editor:
${admin.said(notices())}
% endif
<nav class="kinds" aria-label="${_('Type')}">
% for value in ("", *kinds):
  <a class="chip" href="${page.home}latest${f'?type={value}' if value else ''}"${' aria-current="page"' if value == kind else '' | n}>${KIND_WORDS[value] if value else _("All")}</a>
% endfor
</nav>
% if files:
<ul class="wall">
% for number, file in enumerate(files):
  <li><a href="${page.path('p', file.filehash)}">
    <span class="wall-picture">
% if file.is_restricted:
      ${icons.kind(file)}
% elif file.width and file.width < 200 and file.height < 150:
      <img src="${page.path('i', file.filehash)}?w=${file.width}&amp;h=${file.height}&amp;fit=crop" class="small" alt="" loading="lazy">
% elif file.width:
      ${pictures.cut(file, min(400, file.width), min(300, file.height), is_first=number < 2)}
% else:
      <img src="${page.path('t', file.filehash)}" alt="" loading="lazy">
% endif
    </span>
    <bdi class="wrap">${file.heading}</bdi>
    <span class="hint">${page.size(file.size)} · ${page.date(file.uploadtime)}</span></a>
% if file.width and not file.is_restricted:
    ${zoomed.button(file, file.heading)}
% endif
% if page.is_editor:
    ${admin.curate(file, "latest", place)}
% endif
  </li>
% endfor
</ul>
% else:
<p class="plain-card">${_("No files of this type here.") if kind else _("Nothing has been shared yet.")}</p>
% endif
<nav class="pages" aria-label="${_('Pages')}">
% if newer:
  <a class="button" href="${newer}" rel="prev">${_("Newer")}</a>
% endif
% if older:
  <a class="button" href="${older}" rel="next">${_("Older")}</a>
% endif
</nav>
${zoomed.dialog(is_several=True)}
