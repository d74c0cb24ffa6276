## A file behind a password: nothing of it but the field.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="terms" file="terms.mako"/>
<%block name="title">${_("This file has a password")} · ${brand.site_name}</%block>
<section class="notice-page asking">
  <span class="notice-icon">${icons.icon("lock")}</span>
  <h1>${_("This file has a password")}</h1>
  <p>${_("Whoever sent you the link can tell you the password.")}</p>
  <form class="stack" method="post">
    ${terms.password("password", _("Password"), "off", is_wrong, is_required=True)}
% if is_wrong:
    <p class="wrong" id="wrong" role="alert">${_("Wrong password. Try again.")}</p>
% endif
    <p class="buttons"><button class="button primary">${_("Unlock")}</button></p>
  </form>
</section>
