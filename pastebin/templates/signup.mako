## An account: first an e-mail address or the code of an invite, then name and password.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="terms" file="terms.mako"/>
<%!
def N_(text):
    """Mark a message for the catalogues."""
    return text

# What can be wrong with a new account; the rest stays in English.
MESSAGES = (
    N_("There is an account with this name, or with one that is too alike."),
    N_("This is no e-mail address."),
    N_("A name has no @ and no invisible characters."),
    N_("A name has 1 to 64 characters."),
    N_("A password has 8 to 1024 characters."),
)
%>
<%block name="title">${_("New account")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
</%block>
<section class="notice-page asking">
  <span class="notice-icon">${icons.icon("user")}</span>
  <h1>${_("Check your mail") if step == "sent" else _("New account")}</h1>
% if step == "sent":
  <p>${_("A message is on its way to")} <bdi class="wrap">${email}</bdi>. ${_("Follow the link in it within one day.")}</p>
% elif step == "ask":
% if page.may_sign_up_by_mail:
  <form class="stack" method="post" action="${page.home}signup">
    <input type="hidden" name="csrf_token" value="${page.form_token}">
    ${wrong()}
    <div class="field">
      <label for="email">${_("E-mail")}</label>
      <input id="email" name="email" type="email" required maxlength="254" autocomplete="email" value="${email}">
    </div>
    <p class="buttons"><button class="button primary">${_("Send the message")}</button></p>
  </form>
  <p class="hint">${_("To go on, follow the link in the message sent there.")}</p>
% endif
  <form class="stack" method="get" action="${page.home}signup">
    <div class="field">
      <label for="code">${_("Code of the invite")}</label>
      <input id="code" name="code" type="text" required maxlength="64" autocomplete="off" autocapitalize="none" spellcheck="false">
    </div>
    <p class="buttons"><button class="button${'' if page.may_sign_up_by_mail else ' primary'}">${_("Go on")}</button></p>
  </form>
% else:
  <form class="stack" method="post"${f' action="{page.home}login/oidc"' if token else '' | n}>
    <input type="hidden" name="csrf_token" value="${page.form_token}">
    ${wrong()}
    <div class="field">
      <label for="name">${_("Name")}</label>
      <input id="name" name="name" type="text" required maxlength="64" autocomplete="username" autocapitalize="none" spellcheck="false" value="${name}">
    </div>
% if token:
    <input type="hidden" name="token" value="${token}">
    <p class="hint">${_("With this name you sign in by {provider} from now on.", provider=page.sign_in_provider)}</p>
% elif proved:
    <p class="hint">${_("E-mail")}: <bdi class="wrap">${proved}</bdi></p>
% endif
% if not token:
    ${terms.password("password", _("Password"), "new-password", is_required=True, is_first=False)}
% endif
    <p class="buttons"><button class="button primary">${_("Make the account")}</button></p>
  </form>
% endif
</section>

<%def name="wrong()">\
% if fault:
<p class="wrong" role="alert"${'' if page.locale == 'en' or fault in MESSAGES else ' lang="en"' | n}>${_(fault) if fault in MESSAGES else fault}</p>
% endif
</%def>
