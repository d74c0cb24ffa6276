## A password that was forgotten: whose, that a message is under way, then the new one.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="terms" file="terms.mako"/>
<%block name="title">${_("New password")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
</%block>

## A passkey or a linked sign-in to keep.
<%def name="kept_way(name, one, label)">\
<label class="check wrap"><input type="checkbox" name="${name}" value="${one.id}"${' checked' if one.id in kept[name] else ''} autocomplete="off"> <span>${_("Keep")} <bdi>${label}</bdi> <small>${_("Since")} ${page.time(one.created)}</small></span></label>\
</%def>
<%
FAULTS = {
    "not-the-same": _("The new passwords are not the same."),
    "bad-password": _("A password has 8 to 1024 characters."),
}
%>
<section class="notice-page asking">
  <span class="notice-icon">${icons.icon("lock")}</span>
% if step == "sent":
  <h1>${_("Check your mail")}</h1>
  <p>${_("If there is such an account and it has an e-mail address, a message is on its way there. Its link works for one hour.")}</p>
  <p class="buttons"><a class="button" href="${page.home}login">${_("Sign in")}</a></p>
% elif step == "ask":
  <h1>${_("Forgotten password")}</h1>
  <p>${_("A message to the account's e-mail address leads to a new one.")}</p>
  <form class="stack" method="post">
    <input type="hidden" name="csrf_token" value="${page.form_token}">
    <div class="field">
      <label for="name">${_("Name or e-mail")}</label>
      <input id="name" name="name" type="text" required maxlength="254" autocomplete="username" autocapitalize="none" spellcheck="false" autofocus>
    </div>
    <p class="buttons"><button class="button primary">${_("Send the message")}</button></p>
  </form>
% else:
  <h1>${_("New password")}</h1>
  <p>${_("For the account")} <bdi>${account.name}</bdi>. ${_("All its sessions and tokens end.")}</p>
  <form class="stack" method="post">
    <input type="hidden" name="csrf_token" value="${page.form_token}">
    <input type="text" name="username" value="${account.name}" autocomplete="username" hidden>
% if fault:
    <p class="wrong" id="wrong" role="alert">${FAULTS[fault]}</p>
% endif
    ${terms.password("password", _("New password"), "new-password", bool(fault), is_required=True)}
    <div class="field">
      <label for="again">${_("New password again")}</label>
      <input id="again" name="again" type="password" required maxlength="1024" autocomplete="new-password">
    </div>
% if passkeys or identities:
    <fieldset class="kept-ways">
      <legend>${_("What else signs in to this account ends too")}</legend>
      <p class="hint">${_("Keep what you know to be yours.")}\
% if has_factor:
 ${_("With the password a code of your app is asked for, or a recovery code: who has neither keeps a passkey.")}\
% endif
</p>
% for one in passkeys:
      ${kept_way("passkeys", one, one.name or _("Passkey"))}
% endfor
% for one in identities:
      ${kept_way("identities", one, one.label or one.issuer)}
% endfor
    </fieldset>
% endif
    <p class="buttons"><button class="button primary">${_("Change the password")}</button></p>
  </form>
% endif
</section>
