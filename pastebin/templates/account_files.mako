## An account's files: found, chosen, changed, deleted.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="pictures" file="pictures.mako"/>
<%namespace name="own" file="account_parts.mako"/>
<%
KIND_WORDS = {"image": _("Images"), "video": _("Videos"), "audio": _("Sounds"), "text": _("Texts"), "pdf": "PDF", "other": _("Others")}
STATE_WORDS = {"listed": _("Shown on Latest"), "unlisted": _("Unlisted"), "private": _("Private"), "expiring": _("Expiring"), "limited": _("Limited downloads"), "locked": _("Password")}
SORT_WORDS = {"newest": _("Newest first"), "oldest": _("Oldest first"), "name": _("By name"), "largest": _("Largest first"), "smallest": _("Smallest first")}
VISIBILITY_WORDS = {"listed": _("Shown on Latest"), "unlisted": _("Unlisted"), "private": _("Private")}

def said(notice):
    act, done, asked = notice[0], int(notice[1]), int(notice[2])
    words = {
        "deleted": plural("{number} file is deleted.", "{number} files are deleted.", done),
        "changed": plural("{number} file is changed.", "{number} files are changed.", done),
        "nothing": _("Nothing was changed: choose files, and what to change."),
    }[act]
    if act != "nothing" and done < asked:
        words += " " + plural("{number} was not there any more, or belongs to a collection.", "{number} were not there any more, or belong to a collection.", asked - done)
    return words
%>
<%block name="title">${_("My files")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="${page.static('css/file.css')}">
<link rel="stylesheet" href="${page.static('css/collection.css')}">
<link rel="stylesheet" href="${page.static('css/account.css')}">
<script type="module" src="${page.static('js/account-files.js')}"></script>
</%block>
<header class="section-head own-head">
  <h1>${_("My files")}</h1>
  ${own.quota_lines(quota)}
</header>
% for notice in notices:
% if len(notice) == 3:
<p class="notice" role="status">${said(notice)}</p>
% endif
% endfor
${own.tabs("files")}
<form class="finding" method="get" role="search">
  <div class="field grow">
    <label for="q">${_("Search")}</label>
    <input id="q" name="q" type="search" value="${query.words}" maxlength="200" placeholder="${_('Words in name or title')}">
  </div>
% for name, label, chosen, words, values in (("type", _("Type"), query.kind, KIND_WORDS, ("", *kinds)), ("state", _("State"), query.state, STATE_WORDS, ("", *states)), ("sort", _("Order"), query.sort, SORT_WORDS, sorts)):
  <div class="field">
    <label for="${name}">${label}</label>
    <select id="${name}" name="${name}" autocomplete="off">
% for value in values:
      <option value="${value}"${' selected' if value == chosen else ''}>${words[value] if value else _("All")}</option>
% endfor
    </select>
  </div>
% endfor
  <input type="hidden" name="view" value="${layout}">
  <button class="button">${_("Show")}</button>
</form>
<div class="section-head">
  <p class="hint" data-total>${plural("{number} file", "{number} files", total)}</p>
  <nav class="view-links" aria-label="${_('View')}">
% for name, label in (("grid", _("Grid")), ("list", _("List"))):
    <a href="?${query_of(view=name)}"${' aria-current="true"' if name == layout else '' | n}>${label}</a>
% endfor
  </nav>
</div>
% if files:
<form method="post" data-files data-undo="${_('Undo')}" data-failed="${_('Not every file could be deleted. Load the page again.')}" data-one="${_('1 file is deleted.')}" data-many="${_('{number} files are deleted.')}" data-chosen="${_('{number} chosen')}">
  <input type="hidden" name="csrf_token" value="${page.form_token}">
  <input type="hidden" name="here" value="${here}">
  <div class="acting panel">
    <label class="check needs-js"><input type="checkbox" data-all autocomplete="off"> ${_("All on this page")}</label>
    <span class="hint grow" role="status" data-count></span>
    <div class="field">
      <label for="visibility">${_("Visibility")}</label>
      <select id="visibility" name="visibility" autocomplete="off">
        <option value="">${_("No change")}</option>
% for value in (("private", "unlisted", "listed") if page.has_latest else ("private", "unlisted")):
        <option value="${value}">${VISIBILITY_WORDS[value]}</option>
% endfor
      </select>
    </div>
    <div class="field">
      <label for="expires">${_("Expires")}</label>
      <select id="expires" name="expires" autocomplete="off">
        <option value="">${_("No change")}</option>
        <option value="never">${_("Never")}</option>
% for value, label in page.lifetimes:
        <option value="${value}">${_("After {duration}", duration=label)}</option>
% endfor
      </select>
    </div>
    <button class="button" name="action" value="change">${_("Change…")}</button>
    <button class="button" name="action" value="collect">${icons.icon("link")}${_("One link for all")}</button>
    <button class="button danger" name="action" value="delete">${icons.icon("trash")}${_("Delete…")}</button>
    <p class="hint acting-keys needs-js">${_("Shift+click chooses a range. Arrow keys move, Shift+arrow keys choose, Delete deletes.")}</p>
  </div>
  <ul class="${'wall collection' if layout == 'grid' else 'rows'} own-files">
% for number, file in enumerate(files):
    <li data-file-row>
      <label class="pick"><input type="checkbox" name="file" value="${file.filehash}" autocomplete="off" aria-label="${_('Choose')}: ${file.heading}"></label>
      <a href="${page.path('p', file.filehash)}">
        <span class="wall-picture">
% if file.width and not file.password and file.downloads_left is None:
          ${pictures.tile(file, layout, is_first=number < 2)}
% elif layout == "grid" and not file.password and file.downloads_left is None:
          <img src="${page.path('t', file.filehash)}" alt="" loading="lazy">
% else:
          ${icons.kind(file)}
% endif
        </span>
        <bdi class="wrap">${file.heading}</bdi></a>
      <span class="hint">${page.size(file.size)} · ${page.date(file.uploadtime)} · ${VISIBILITY_WORDS[visibility_of(file)]}${" · " + _("Password") if file.password else ""}\
% if file.expires:
 · ${_("Expires on")} ${page.date(file.expires)}\
% endif
% if file.downloads_left is not None:
 · ${plural("{number} download left", "{number} downloads left", file.downloads_left)}\
% endif
</span>
      <a class="quiet manage" href="${page.home}account/files/${file.filehash}" aria-label="${_('Manage {name}', name=file.heading)}">${icons.icon("sliders")}</a>
    </li>
% endfor
  </ul>
</form>
% else:
<p class="plain-card">${_("No files match.")}</p>
% endif
<nav class="pages" aria-label="${_('Pages')}">
% if before:
  <a class="button" href="?${query_of(before=before)}" rel="prev">${_("Previous")}</a>
% endif
% if after:
  <a class="button" href="?${query_of(after=after)}" rel="next">${_("Next")}</a>
% endif
</nav>
