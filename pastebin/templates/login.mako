## Signing in.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="terms" file="terms.mako"/>
<%! shows_sign_in = False %>
<%block name="title">${_("Sign in")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
<script type="module" src="${page.static('js/passkeys.js')}"></script>
</%block>
<% is_wrong_password = fault == "wrong-password" %>\
<section class="notice-page asking">
  <span class="notice-icon">${icons.icon("user")}</span>
  <h1>${_("Sign in")}</h1>
% for notice in notices:
% if notice == "password-reset":
  <p class="notice" role="status">${_("The password is changed. Sign in with the new one.")}</p>
% endif
% endfor
  <form class="stack" method="post" action="${page.home}login">
    <input type="hidden" name="csrf_token" value="${page.form_token}">
    <input type="hidden" name="next" value="${target}">
    <div class="field">
      <label for="name">${_("Name or e-mail")}</label>
      <input id="name" name="name" type="text" required maxlength="254" autocomplete="username" autocapitalize="none" spellcheck="false"${'' if is_wrong_password else ' autofocus'}>
    </div>
    ${terms.password("password", _("Password"), "current-password", is_wrong_password, is_required=True, is_first=is_wrong_password)}
% if is_wrong_password:
    <p class="wrong" id="wrong" role="alert">${_("Wrong name or password.")}</p>
% endif
    <p class="buttons"><button class="button primary">${_("Sign in")}</button></p>
  </form>
  <form class="stack" method="post" action="${page.home}login/passkey" data-passkey="ask" data-failed="${_('The browser has shown no passkey.')}" hidden>
    <input type="hidden" name="csrf_token" value="${page.form_token}">
    <input type="hidden" name="next" value="${target}">
    <input type="hidden" name="state">
    <input type="hidden" name="credential">
    <p class="buttons"><button class="button">${_("Sign in with a passkey")}</button></p>
    <p class="wrong" role="alert" data-fault>${_("This passkey is not known here.") if fault == "wrong-passkey" else ""}</p>
  </form>
% if page.sign_in_provider:
  <p class="buttons"><a class="button" href="${page.home}login/oidc?next=${target | u}">${_("Sign in with {provider}", provider=page.sign_in_provider)}</a></p>
% endif
% if page.has_mail:
  <p class="hint"><a href="${page.home}reset">${_("Forgot your password?")}</a></p>
% endif
% if page.may_sign_up:
  <p class="hint"><a href="${page.home}signup">${_("Make an account") if page.may_sign_up_by_mail else _("I have an invite")}</a></p>
% endif
</section>
