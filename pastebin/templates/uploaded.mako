## What one form has brought: several files, each with a link of its own.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="parts" file="parts.mako"/>
<%block name="title">${_("Uploads")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="${page.static('css/file.css')}">
<link rel="stylesheet" href="${page.static('css/collection.css')}">
</%block>
<%block name="bar">
<a class="quiet" href="${page.home}">${icons.icon("upload")}<span>${_("Share a file")}</span></a>
</%block>
<h1>${_("Uploads")}</h1>
<ol class="uploaded">
% for number, one in enumerate(files):
  <li class="panel">
% if one["file"]:
    <h2 class="wrap"><a href="${page.path('p', one['file'].filehash)}"><bdi>${one["file"].heading}</bdi></a></h2>
    <p class="hint">${page.size(one["file"].size)}</p>
% endif
    ${parts.link_field(f"short-{number}", _("Short link"), one["url_s"])}
% if one["url_m"]:
    ${parts.copy_field(f"manage-{number}", _("Management address: keep it, it is shown only once"), one["url_m"])}
% endif
  </li>
% endfor
</ol>
