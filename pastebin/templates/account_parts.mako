## Pieces of an account's pages.

<%def name="form_fields(action)">\
<input type="hidden" name="csrf_token" value="${page.form_token}">
<input type="hidden" name="action" value="${action}">
</%def>

## The password of who is signed in, which some things take again.
<%def name="confirmation(id='password-now')">\
% if not account.password:
<p class="hint">${_("For this you must have signed in within the last ten minutes.")}</p>
% else:
<div class="field">
  <label for="${id}">${_("Current password")}</label>
  <input id="${id}" name="password" type="password" required maxlength="1024" autocomplete="current-password">
</div>
% endif
</%def>

## What an account has of what it may have.
<%def name="quota_lines(quota)">
<div class="quota">
  <p>${_("{size} of {most}", size=page.size(quota.bytes), most=page.size(quota.most_bytes)) if quota.most_bytes is not None else page.size(quota.bytes)}
    · ${_("{number} of {most} files", number=page.number(quota.files), most=page.number(quota.most_files)) if quota.most_files is not None else plural("{number} file", "{number} files", quota.files)}</p>
% if quota.most_bytes:
  <progress max="${quota.most_bytes}" value="${min(quota.bytes, quota.most_bytes)}" aria-label="${_('Space used')}"></progress>
% endif
</div>
</%def>

## The ways between what an account has.
<%def name="tabs(now)">
<nav class="view-links own-tabs" aria-label="${_('My files')}">
% for name, label in (("files", _("Files")), ("collections", _("Collections")), ("requests", _("Requests"))):
  <a href="${page.home}account/${name}"${' aria-current="page"' if name == now else '' | n}>${label}</a>
% endfor
</nav>
</%def>
