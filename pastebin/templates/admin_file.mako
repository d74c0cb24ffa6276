## A file, for operators: what it is, what was said against it, what can be done.
<%inherit file="layout.mako"/>
<%namespace name="admin" file="admin_parts.mako"/>
<%namespace name="own" file="account_parts.mako"/>
<%
VISIBILITY_WORDS = {"listed": _("Shown on Latest"), "unlisted": _("Unlisted"), "private": _("Private")}
%>
<%block name="title">${file.heading} · ${_("Administration")}</%block>
<%block name="head">${admin.head()}</%block>
${admin.places("files")}
<div class="charge">
  <h1 class="wrap"><bdi>${file.heading}</bdi></h1>
  ${admin.said(notices)}
% if is_hidden_owner:
  <p class="notice">${_("Its owner is suspended, so nobody else sees it.")}</p>
% endif
% if is_banned:
  <p class="notice">${_("Its bytes are banned.")}</p>
% endif
  <section class="panel" aria-labelledby="facts">
    <h2 id="facts">${_("About this file")}</h2>
    <dl class="facts-list">
      <div><dt>${_("File name")}</dt><dd class="wrap"><bdi>${file.filename}</bdi></dd></div>
      <div><dt>${_("Size")}</dt><dd>${page.size(file.size)}</dd></div>
      <div><dt>${_("Type")}</dt><dd>${page.type_name(file.mimetype)}</dd></div>
      <div><dt>${_("Uploaded")}</dt><dd>${page.time(file.uploadtime)}</dd></div>
      <div><dt>${_("Owner")}</dt><dd>\
% if owner and page.is_administrator:
<a href="${page.home}admin/users/${file.owner_id}"><bdi>${owner}</bdi></a>\
% else:
<bdi>${owner or _("Nobody")}</bdi>\
% endif
</dd></div>
      <div><dt>${_("Visibility")}</dt><dd>${_("Hidden") if file.is_quarantined else VISIBILITY_WORDS[visibility]}${" · " + _("Kept off Latest") if file.is_off_list else ""}${" · " + _("Password") if file.password else ""}</dd></div>
% if file.expires:
      <div><dt>${_("Expires on")}</dt><dd>${page.time(file.expires)}</dd></div>
% endif
      <div><dt>${_("Short link")}</dt><dd class="wrap"><a href="${short_url}">${short_url}</a></dd></div>
      <div><dt>SHA-256</dt><dd class="wrap"><code>${file.sha256}</code></dd></div>
    </dl>
    <p class="buttons"><a class="button" href="${page.path('p', file.filehash)}">${_("Open its page")}</a></p>
  </section>
% if reports:
  <section class="panel" aria-labelledby="reports">
    <h2 id="reports">${_("Reports")}</h2>
    <ul class="quotes">
% for one in reports:
      <li><span class="hint">${page.time(one.moment)}</span> <bdi class="wrap">${one.reason}</bdi></li>
% endfor
    </ul>
    ${admin.act("close-reports", _("Close the reports"))}
  </section>
% endif
  <section class="panel" aria-labelledby="doing">
    <h2 id="doing">${_("What can be done")}</h2>
    <form class="stack" method="post">
      <input type="hidden" name="csrf_token" value="${page.form_token}">
      <div class="field">
        <label for="reason">${_("Reason, for the audit")}</label>
        <input id="reason" name="reason" type="text" maxlength="500" autocomplete="off">
      </div>
      <p class="buttons">
% if file.is_quarantined:
        <button class="button" name="action" value="release">${_("Show it again")}</button>
% else:
        <button class="button" name="action" value="quarantine">${_("Hide it")}</button>
% endif
        <button class="button danger" name="action" value="remove">${_("Remove it")}</button>
        <button class="button danger" name="action" value="ban">${_("Remove and ban its bytes")}</button>
      </p>
      <p class="hint">${_("What is hidden can be shown again. What is removed is gone for good.")}</p>
    </form>
  </section>
% if others:
  <section class="panel" aria-labelledby="others">
    <h2 id="others">${_("Other links to the same bytes")}</h2>
    <ul class="rows">
% for one in others:
      ${admin.file_row(one, {})}
% endfor
    </ul>
  </section>
% endif
% if acts:
  <section class="panel" aria-labelledby="done">
    <h2 id="done">${_("What was done")}</h2>
    ${admin.acts(acts, names)}
  </section>
% endif
</div>
