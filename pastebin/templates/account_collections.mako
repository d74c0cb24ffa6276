## An account's collections.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="own" file="account_parts.mako"/>
<%
VISIBILITY_WORDS = {"listed": _("Shown on Latest"), "unlisted": _("Unlisted"), "private": _("Private")}
%>
<%block name="title">${_("Collections")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="${page.static('css/file.css')}">
<link rel="stylesheet" href="${page.static('css/collection.css')}">
<link rel="stylesheet" href="${page.static('css/account.css')}">
</%block>
<header class="section-head own-head">
  <h1>${_("My files")}</h1>
  ${own.quota_lines(quota)}
</header>
% if "deleted" in notices:
<p class="notice" role="status">${_("The collection is deleted.")}</p>
% endif
${own.tabs("collections")}
% if entries:
<p class="hint">${plural("{number} collection", "{number} collections", total)}</p>
<ul class="rows own-files">
% for one in entries:
<%
collection = one.collection
heading = collection.title or plural("{number} file", "{number} files", one.files)
%>
  <li>
    <a href="${page.path('c', collection.code)}"><span class="wall-picture">${icons.icon("folder")}</span><bdi class="wrap">${heading}</bdi></a>
    <span class="hint">\
% if collection.title:
${plural("{number} file", "{number} files", one.files)} · \
% endif
${page.size(one.bytes)} · ${page.date(collection.created)} · ${VISIBILITY_WORDS[visibility_of(collection)]}${" · " + _("Password") if collection.password else ""}\
% if collection.expires:
 · ${_("Expires on")} ${page.date(collection.expires)}\
% endif
% if collection.downloads_left is not None:
 · ${plural("{number} download left", "{number} downloads left", collection.downloads_left)}\
% endif
</span>
    <a class="quiet manage" href="${page.home}account/collections/${collection.code}" aria-label="${_('Manage {name}', name=heading)}">${icons.icon("sliders")}</a>
  </li>
% endfor
</ul>
% else:
<p class="plain-card">${_("There are no collections yet. Upload several files, and choose “One link for all”.")}</p>
% endif
% if after:
<nav class="pages" aria-label="${_('Pages')}"><a class="button" href="?after=${after}" rel="next">${_("Next")}</a></nav>
% endif
