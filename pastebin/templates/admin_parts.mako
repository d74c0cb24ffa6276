## Pieces of the pages of operators and administrators.
<%namespace name="own" file="account_parts.mako"/>
<%!
from urllib.parse import urlencode
%>

<%def name="head()">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="${page.static('css/file.css')}">
<link rel="stylesheet" href="${page.static('css/account.css')}">
<link rel="stylesheet" href="${page.static('css/admin.css')}">
</%def>

## The way to every page that is for this account; `current` is the name of the one that is shown.
<%def name="places(current)">
<%
PLACES = []
if page.is_operator:
    PLACES += [("", _("Overview")), ("files", _("Files")), ("reports", _("Reports")), ("bans", _("Banned contents")), ("audit", _("Audit"))]
if page.is_editor:
    PLACES += [("listing", _("Kept off Latest"))]
if page.is_administrator:
    PLACES += [("users", _("Accounts")), ("invites", _("Invites")), ("flags", _("Switches")), ("webhooks", _("Webhooks")), ("statistics", _("Statistics"))]
%>
<nav class="places" aria-label="${_('Administration')}">
  <ul>
% for name, label in PLACES:
    <li><a href="${page.home}admin${'/' + name if name else ''}"${' aria-current="page"' if name == current else '' | n}>${label}</a></li>
% endfor
  </ul>
</nav>
</%def>

<%def name="said(notices)">
<%
SAID = {
    "quarantined": _("The file is hidden from everybody but operators."),
    "released": _("The file is there again."),
    "removed": _("The file is removed."),
    "banned": _("The file is removed, and its bytes may not be uploaded again."),
    "banned-content": _("These bytes may not be uploaded any more."),
    "unbanned": _("These bytes may be uploaded again."),
    "reports-closed": _("The reports are closed."),
    "off-list": _("The file is not shown on Latest any more. Its link works as before."),
    "on-list": _("The file is on Latest again."),
    "user-roles": _("The account has other roles now."),
    "user-quota": _("The account has another quota now."),
    "user-suspend": _("The account is suspended: its sessions have ended, its tokens do not work, and nobody sees its files."),
    "user-resume": _("The account can go on."),
    "invite-ended": _("The invite has ended."),
    "webhook-removed": _("The webhook is removed."),
    "webhook-tried": _("A test is on its way. Reload the page to see the result."),
    "job-again": _("That is sent again."),
    "flag-on": _("That is switched off for everybody now."),
    "flag-off": _("That goes on for everybody now."),
}
%>
% for notice in notices:
% if notice in SAID:
<p class="notice" role="status">${SAID[notice]}</p>
% endif
% endfor
</%def>

## A form of one button.
<%def name="act(action, label, hidden=None, danger=False, about='', place='')">\
<form method="post"${f' action="{place}"' if place else '' | n}>
  ${own.form_fields(action)}
% for name, value in (hidden or {}).items():
  <input type="hidden" name="${name}" value="${value}">
% endfor
  <button class="button${' danger' if danger else ''}"${aria_label(label, about) if about else '' | n}>${label}</button>
</form>
</%def>

<%def name="aria_label(label, about)" filter="trim"> aria-label="${label}: ${about}"</%def>

## The way to the pages beside one of a list.
<%def name="pages(shown, **query)">
% if shown.before or shown.after:
<nav class="pages" aria-label="${_('Pages')}">
% if shown.before:
  <a class="button" rel="prev" href="?${urlencode({**query, 'before': shown.before})}">${_("Previous")}</a>
% endif
% if shown.after:
  <a class="button" rel="next" href="?${urlencode({**query, 'after': shown.after})}">${_("Next")}</a>
% endif
</nav>
% endif
</%def>

## What an editor does with a listed file. `origin` is the page to come back to, `place` where on it.
<%def name="curate(file, origin='', place=None)">\
<%
hidden = {"file": file.filehash, "from": origin, **(place or {})}
label = _("Put back on Latest") if file.is_off_list else _("Take off Latest")
%>\
${act("on-list" if file.is_off_list else "off-list", label, hidden, about=file.heading, place=f"{page.home}admin/listing")}\
</%def>

## Roles in words.
<%def name="roles(bits)">\
<%
words = [_("Administrator")] if bits & 255 == 255 else [word for bit, word in ((1, _("May sign in")), (2, _("Editor")), (4, _("Operator"))) if bits & bit]
%>\
${", ".join(words) or _("None")}\
</%def>

## What was done, by whom and why.
<%def name="acts(entries, names)">
<%
ACTS = {
    "deleted": _("Deleted"), "expired": _("Expired"), "used": _("Used up"), "removed": _("Removed"),
    "quarantined": _("Hidden"), "released": _("Shown again"), "banned": _("Banned"), "unbanned": _("Ban lifted"),
    "reports-closed": _("Reports closed"), "off-list": _("Taken off Latest"), "on-list": _("Put back on Latest"), "suspended": _("Suspended"), "resumed": _("Resumed"),
    "account-made": _("Account made"), "password": _("Password changed"), "second-factor": _("Second factor ended"), "token-made": _("Token made"),
    "roles": _("Roles changed"), "quota": _("Quota changed"), "invited": _("Invite made"), "invite-ended": _("Invite ended"),
    "webhook-added": _("Webhook added"), "webhook-removed": _("Webhook removed"), "webhook-tried": _("Webhook tried"),
    "job-again": _("Sent again"), "fetched": _("Fetched"),
    "flag-on": _("Switched on"), "flag-off": _("Switched off"),
    "adopted": _("Files taken in"), "swept": _("Swept"), "packed": _("Packed"), "unpacked": _("Unpacked"), "repaired": _("Repaired"),
    "new-generation": _("Cached look-ups forgotten"),
}
ACTORS = {"key": _("Its key"), "account": _("Its owner"), "anybody": _("Anybody"), "service": _("The service"), "shell": _("A shell")}

def named(number, text):
    return names.get(number, text)
%>
<div class="scroll" tabindex="0" role="group" aria-label="${_('Audit')}">
<table class="plain">
  <thead><tr><th scope="col">${_("When")}</th><th scope="col">${_("What")}</th><th scope="col">${_("By")}</th><th scope="col">${_("About")}</th></tr></thead>
  <tbody>
% for entry in entries:
    <tr>
      <td>${page.time(entry.moment)}</td>
      <td>${ACTS.get(entry.act, entry.act)}</td>
      <td><bdi>${named(entry.by, ACTORS.get(entry.actor, entry.actor))}</bdi></td>
      <td class="wrap">\
% if entry.of is not None and entry.of in names:
<bdi>${names[entry.of]}</bdi> \
% endif
% if entry.file_id is not None:
${_("File {number}", number=entry.file_id)} \
% endif
<bdi>${entry.reason}</bdi>\
% if entry.sha256:
 <code title="SHA-256">${entry.sha256[:12]}…</code>\
% endif
</td>
    </tr>
% endfor
  </tbody>
</table>
</div>
</%def>

## A file in a list, which leads to its page for operators.
<%def name="file_row(file, names)">\
<li>
  <div class="grow">
    <a class="wrap" href="${page.home}admin/files/${file.filehash}"><bdi>${file.heading}</bdi></a>
    <p class="facts-line">
      <span>${page.size(file.size)}</span>
      <span>${page.time(file.uploadtime)}</span>
% if file.owner_id is not None:
      <span><bdi>${names.get(file.owner_id, _("Account {number}", number=file.owner_id))}</bdi></span>
% endif
% if file.is_quarantined:
      <span class="state">${_("Hidden")}</span>
% endif
% if file.is_private:
      <span class="state">${_("Private")}</span>
% endif
      <code>${file.filehash}</code>
    </p>
  </div>
</li>
</%def>
