## An account's second factor: the code to scan, recovery codes once, and the end.
<%inherit file="layout.mako"/>
<%namespace name="own" file="account_parts.mako"/>
<%namespace name="parts" file="parts.mako"/>
<%block name="title">${_("Second factor")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="${page.static('css/file.css')}">
<link rel="stylesheet" href="${page.static('css/account.css')}">
</%block>
<%
FAULTS = {
    "wrong-password": _("This is not the password you have now."),
    "not-new": _("For this you must have signed in within the last ten minutes."),
    "wrong-code": _("This code is wrong. Is the clock of the phone right?"),
}
%>
<%def name="fault_line(said)">\
% if said:
<p class="wrong" role="alert">${said}</p>
% endif
</%def>
<div class="narrow">
  <header class="file-head">
    <p class="kicker"><a href="${page.home}account">${_("Account")}</a></p>
    <h1>${_("Second factor")}</h1>
    <p class="hint">${_("Besides the password, signing in then takes a code of an app on your phone.")}</p>
  </header>

% if codes:
  <section class="panel key" aria-labelledby="codes">
    <h2 id="codes">${_("Recovery codes")}</h2>
    <p class="hint">${_("Each signs you in once if the phone is lost. They are shown only now: print them or keep them in a safe place.")}</p>
    <ul class="codes">
% for code in codes:
      <li><code>${code}</code></li>
% endfor
    </ul>
    <p class="buttons"><a class="button primary" href="${page.home}account">${_("I have kept them")}</a></p>
  </section>
% elif is_on:
  <section class="panel" aria-labelledby="on">
    <h2 id="on">${_("It is on")}</h2>
    <p>${plural("{number} recovery code is left.", "{number} recovery codes are left.", codes_left)}</p>
    ${fault_line(FAULTS.get(fault))}
    <form class="stack" method="post" action="${page.home}account/second-factor">
      <input type="hidden" name="csrf_token" value="${page.form_token}">
      ${own.confirmation()}
      <p class="buttons">
        <button class="button" name="action" value="renew-codes">${_("Make new recovery codes")}</button>
        <button class="button danger" name="action" value="turn-off">${_("Turn it off")}</button>
      </p>
    </form>
  </section>
% else:
  <section class="panel" aria-labelledby="scan">
    <h2 id="scan">${_("Scan this with an app")}</h2>
    <p class="hint">${_("Any app for one-time codes (TOTP) will do.")}</p>
    <img class="qr" src="${set_up['picture']}" alt="${_('QR code for the app')}" width="176" height="176">
    ${parts.copy_field("secret", _("Or type this into the app"), set_up["secret"])}
    ${fault_line(FAULTS.get(fault))}
    <form class="stack" method="post" action="${page.home}account/second-factor">
      ${own.form_fields("turn-on")}
      <input type="hidden" name="set_up" value="${set_up['token']}">
      <div class="field">
        <label for="code">${_("Code of the app")}</label>
        <input id="code" name="code" type="text" inputmode="numeric" required maxlength="20" autocomplete="one-time-code">
      </div>
      ${own.confirmation()}
      <p class="buttons"><button class="button primary">${_("Turn it on")}</button></p>
    </form>
    <p class="hint">${_("Every other session of this account ends then.")}</p>
  </section>
% endif
</div>
