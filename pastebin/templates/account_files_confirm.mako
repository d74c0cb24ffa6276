## What is to become of the chosen files, with their number, before it is done.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%
number = len(files)
act = fields["action"]
shown = collectable if act == "collect" else files
title, icon = {
    "delete": (plural("Delete {number} file?", "Delete {number} files?", number), "trash"),
    "change": (plural("Change {number} file?", "Change {number} files?", number), "sliders"),
    "collect": (plural("One link for {number} file?", "One link for {number} files?", len(shown)), "link"),
}[act]
VISIBILITY_WORDS = {"listed": _("Shown on Latest"), "unlisted": _("Unlisted"), "private": _("Private")}
visibilities = ["private"] if all(file.is_private for file in shown) else ["unlisted", "listed"] if page.has_latest else ["unlisted"]
%>
<%block name="title">${_("My files")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
</%block>
<section class="notice-page">
  <span class="notice-icon">${icons.icon(icon)}</span>
  <h1>${title}</h1>
% if act == "delete":
  <p>${_("Their links stop working at once. This cannot be undone.")}</p>
% elif act == "collect" and len(shown) < number:
  <p>${plural("{number} file has terms of its own (private, password, expiry or limited downloads) and is left out.", "{number} files have terms of their own (private, password, expiry or limited downloads) and are left out.", number - len(shown))}</p>
% endif
  <ul class="reasons">
% for file in shown[:20]:
    <li class="wrap"><bdi>${file.heading}</bdi></li>
% endfor
% if len(shown) > 20:
    <li>${plural("and {number} more", "and {number} more", len(shown) - 20)}</li>
% endif
  </ul>
  <form class="stack" method="post" action="${page.home}account/files">
    <input type="hidden" name="csrf_token" value="${page.form_token}">
% for name, value in fields.items():
% if not (act == "collect" and name == "visibility"):
    <input type="hidden" name="${name}" value="${value}">
% endif
% endfor
% for file in files:
    <input type="hidden" name="file" value="${file.filehash}">
% endfor
    <input type="hidden" name="confirmed" value="${number}">
% if act == "collect" and shown:
    <div class="fields">
      <div class="field"><label for="title">${_("Title")}</label><input id="title" name="title" type="text" maxlength="200" autocomplete="off" placeholder="${_('Untitled')}"></div>
      <div class="field"><label for="visibility">${_("Visibility")}</label>
        <select id="visibility" name="visibility" autocomplete="off">
% for value in visibilities:
          <option value="${value}">${VISIBILITY_WORDS[value]}</option>
% endfor
        </select></div>
    </div>
% endif
    <p class="buttons">
% if shown:
      <button class="button ${'danger filled' if act == 'delete' else 'primary'}">${title.rstrip("?？")}</button>
% endif
      <a class="button" href="${page.home}account/files?${fields['here']}">${_("Cancel")}</a>
    </p>
  </form>
</section>
