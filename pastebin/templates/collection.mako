## Several files under one link: all of them as a grid or a list, to be looked at and downloaded.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="parts" file="parts.mako"/>
<%namespace name="shown" file="collection_parts.mako"/>
<%namespace name="zoomed" file="zoomed.mako"/>
<%
heading = collection.title or plural("{number} file", "{number} files", len(items))
zip_path = page.path("c", collection.code + ".zip")
is_limited = collection.downloads_left is not None
%>
<%block name="title">${collection.title or _("Collection")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="${page.static('css/file.css')}">
<link rel="stylesheet" href="${page.static('css/collection.css')}">
<script type="module" src="${page.static('js/collection.js')}"></script>
% if collection.downloads_left is None:
<script type="module" src="${page.static('js/gallery.js')}"></script>
% endif
</%block>
<%block name="bar">
<a class="quiet" href="${page.home}">${icons.icon("upload")}<span>${_("Share a file")}</span></a>
</%block>
<header class="file-head">
  <h1 class="wrap"><bdi>${heading}</bdi></h1>
  <p class="facts-line">
% if collection.title:
    <span>${plural("{number} file", "{number} files", len(items))}</span>
% endif
    <span>${page.size(sum(file.size for file in there))}</span>
    ${page.time(collection.created)}
  </p>
</header>
<section class="panel collection-panel" aria-label="${_('Share')}">
% if is_limited:
  <p>${plural("{number} download left.", "{number} downloads left.", collection.downloads_left)}
  ${_("The download starts when you press the button.")}</p>
% endif
% if len(there) == len(items):
  <form class="buttons" method="${'post' if is_limited else 'get'}" action="${zip_path}">
    <button class="button primary">${icons.icon("download")}${_("Download all")}</button>
  </form>
% else:
  <p class="notice">${_("Some of these files are no longer here. Choose below what to download.")}</p>
% endif
  ${parts.link_field("link", _("Link to all"), url_c)}
% if url_m:
  ${parts.copy_field("manage", _("Management address: keep it, it is shown only once"), url_m)}
  <p class="buttons"><a class="button" href="${url_m}">${_("Manage")}</a></p>
% endif
</section>
<form method="get" action="${zip_path}" data-choice>
  <div class="section-head">
    <h2>${_("Files")}</h2>
    <nav class="view-links" aria-label="${_('View')}">
      <a href="?view=grid"${' aria-current="true"' if view == "grid" else '' | n}>${_("Grid")}</a>
      <a href="?view=list"${' aria-current="true"' if view == "list" else '' | n}>${_("List")}</a>
    </nav>
  </div>
  <ul class="${'wall' if view == 'grid' else 'rows'} collection" data-files>
% for number, item in enumerate(items):
% if item.file is None:
    <li class="gone"><span class="wall-picture">${icons.icon("close")}</span><span class="hint">${_("A file that is no longer here")}</span></li>
% else:
    <li>
      <a href="${page.path('p', item.file.filehash)}">
        <span class="wall-picture">${shown.picture(item.file, not is_limited, view, is_first=number < 2)}</span>
        ${shown.path(item.path)}
        <span class="hint">${page.size(item.file.size)}</span>
      </a>
% if item.file.width and not is_limited:
      ${zoomed.button(item.file, item.path)}
% endif
% if not is_limited and len(items) > 1:
      <label class="check pick"><input type="checkbox" name="name" value="${item.file.filehash}" autocomplete="off"><span class="hidden">${_("Choose {name}", name=item.path)}</span></label>
% endif
    </li>
% endif
% endfor
  </ul>
% if not is_limited and len(items) > 1:
  <p class="buttons choice-bar" data-choice-bar><button class="button">${icons.icon("download")}${_("Download chosen")}</button></p>
% endif
</form>
% if not is_limited:
${zoomed.dialog(is_several=True)}
% endif
