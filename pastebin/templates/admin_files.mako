## Files of everybody, found by operators.
<%inherit file="layout.mako"/>
<%namespace name="admin" file="admin_parts.mako"/>
<%!
from urllib.parse import urlencode
%>
<%block name="title">${_("Files")} · ${_("Administration")}</%block>
<%block name="head">${admin.head()}</%block>
${admin.places("files")}
<div class="charge">
  <h1>${_("Files")}</h1>
  ${admin.said(notices)}
  <form class="finding" method="get" role="search">
    <div class="field grow">
      <label for="q">${_("Search")}</label>
      <input id="q" name="q" type="search" value="${words}" maxlength="400" placeholder="${_('Name, address, short code or SHA-256')}">
    </div>
    <div class="field">
      <label for="owner">${_("Owner")}</label>
      <input id="owner" name="owner" type="text" value="${owner}" maxlength="254" autocomplete="off">
    </div>
    <button class="button">${_("Show")}</button>
  </form>
% if files:
  <ul class="rows">
% for file in files:
    ${admin.file_row(file, names)}
% endfor
  </ul>
% else:
  <p class="plain-card">${_("No files match.")}</p>
% endif
% if older:
  <nav class="pages" aria-label="${_('Pages')}"><a class="button" rel="next" href="?${urlencode({'q': words, 'owner': owner, 'before': older})}">${_("Older")}</a></nav>
% endif
</div>
