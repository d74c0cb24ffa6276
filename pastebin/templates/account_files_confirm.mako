## What is to become of the chosen files, with their number, before it is done.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%
number = len(files)
is_end = fields["action"] == "delete"
title = plural("Delete {number} file?", "Delete {number} files?", number) if is_end else plural("Change {number} file?", "Change {number} files?", number)
%>
<%block name="title">${_("My files")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
</%block>
<section class="notice-page">
  <span class="notice-icon">${icons.icon("trash" if is_end else "sliders")}</span>
  <h1>${title}</h1>
% if is_end:
  <p>${_("Their links stop working at once. This cannot be undone.")}</p>
% endif
  <ul class="reasons">
% for file in files[:20]:
    <li class="wrap"><bdi>${file.heading}</bdi></li>
% endfor
% if number > 20:
    <li>${plural("and {number} more", "and {number} more", number - 20)}</li>
% endif
  </ul>
  <form method="post" action="${page.home}account/files">
    <input type="hidden" name="csrf_token" value="${page.form_token}">
% for name, value in fields.items():
    <input type="hidden" name="${name}" value="${value}">
% endfor
% for file in files:
    <input type="hidden" name="file" value="${file.filehash}">
% endfor
    <input type="hidden" name="confirmed" value="${number}">
    <p class="buttons">
      <button class="button ${'danger filled' if is_end else 'primary'}">${title.rstrip("?？")}</button>
      <a class="button" href="${page.home}account/files?${fields['here']}">${_("Cancel")}</a>
    </p>
  </form>
</section>
