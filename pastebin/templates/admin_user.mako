## An account, for administrators.
<%inherit file="layout.mako"/>
<%namespace name="admin" file="admin_parts.mako"/>
<%namespace name="own" file="account_parts.mako"/>
<%!
from urllib.parse import quote
%>
<%
ROLE_WORDS = {"login": _("May sign in"), "editor": _("Editor: curates what is listed"), "operator": _("Operator: sees reports, removes files, bans contents")}
%>
<%block name="title">${account.name} · ${_("Administration")}</%block>
<%block name="head">${admin.head()}</%block>
${admin.places("users")}
<div class="charge">
  <h1 class="wrap"><bdi>${account.name}</bdi></h1>
% if account.email:
  <p class="hint wrap"><bdi>${account.email}</bdi></p>
% endif
  ${admin.said(notices)}
  <section class="panel" aria-labelledby="has">
    <h2 id="has">${_("Files")}</h2>
    ${own.quota_lines(quota)}
    <p class="facts-line">
      <span>${plural("{number} session", "{number} sessions", sessions)}</span>
      <span>${plural("{number} token", "{number} tokens", tokens)}</span>
    </p>
    <p class="buttons"><a class="button" href="${page.home}admin/files?owner=${quote(account.name, safe='')}">${_("Look at its files")}</a></p>
    <details class="fold">
      <summary>${_("Quota")}</summary>
      <form class="fold-body stack" method="post">
        ${own.form_fields("quota")}
        <div class="fields">
          <div class="field">
            <label for="quota-bytes">${_("Space")}</label>
            <input id="quota-bytes" name="quota_bytes" type="text" maxlength="20" autocomplete="off" placeholder="10 GiB" value="${'' if account.quota_bytes is None else account.quota_bytes}">
          </div>
          <div class="field">
            <label for="quota-files">${_("Number of files")}</label>
            <input id="quota-files" name="quota_files" type="text" inputmode="numeric" maxlength="10" autocomplete="off" value="${'' if account.quota_files is None else account.quota_files}">
          </div>
        </div>
        <p class="hint">${_("Empty fields follow the roles.")}</p>
        <p class="buttons"><button class="button">${_("Save")}</button></p>
      </form>
    </details>
  </section>
% if is_me:
  <p class="hint">${_("This is your own account: another administrator changes its roles or suspends it.")}</p>
% else:
  <section class="panel" aria-labelledby="roles">
    <h2 id="roles">${_("Roles")}</h2>
    <form class="stack" method="post">
      ${own.form_fields("roles")}
      <fieldset class="checks">
        <legend>${_("This account is")}</legend>
% for name, bit in roles.items():
        <label class="check"><input type="checkbox" name="role_${name}" value="1"${' checked' if account.roles & bit else ''} autocomplete="off"> ${ROLE_WORDS[name]}</label>
% endfor
        <label class="check"><input type="checkbox" name="role_administrator" value="1"${' checked' if is_administrator else ''} autocomplete="off"> ${_("Administrator: all of that, accounts and switches")}</label>
      </fieldset>
      <p class="buttons"><button class="button">${_("Save")}</button></p>
    </form>
  </section>
  <section class="panel" aria-labelledby="suspending">
    <h2 id="suspending">${_("Suspend")}</h2>
% if account.is_suspended:
    <p>${_("The account is suspended.")}</p>
    ${admin.act("resume", _("Resume the account"))}
% else:
    <p class="hint">${_("Its sessions end, its tokens stop working, and nobody sees its files, all at once. Nothing is lost.")}</p>
    ${admin.act("suspend", _("Suspend the account"), danger=True)}
% endif
  </section>
% endif
</div>
