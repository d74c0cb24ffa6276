## A file behind a password: nothing of it but the field.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%block name="title">${_("This file has a password")} · ${brand.site_name}</%block>
<section class="notice-page">
  <h1>${_("This file has a password")}</h1>
  <form class="stack" method="post" >
    <label for="password">${_("Password")}</label>
    <input id="password" name="password" type="password" autocomplete="off" required autofocus maxlength="1024">
% if is_wrong:
    <p class="notice error" role="alert">${_("That is not the password.")}</p>
% endif
    <button class="button primary">${_("Unlock")}</button>
  </form>
</section>
