## The second step of signing in: a code of the app, or a recovery code.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%block name="title">${_("Sign in")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
</%block>
<section class="notice-page asking">
  <span class="notice-icon">${icons.icon("lock")}</span>
  <h1>${_("Second factor")}</h1>
  <form class="stack" method="post" action="${page.home}login/code">
    <input type="hidden" name="csrf_token" value="${page.form_token}">
    <input type="hidden" name="next" value="${target}">
    <div class="field">
      <label for="code">${_("Code of the app")}</label>
      <input id="code" name="code" type="text" required maxlength="40" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" autofocus aria-describedby="code-hint${' wrong' if is_wrong else ''}"${' aria-invalid="true"' if is_wrong else '' | n}>
    </div>
% if is_wrong:
    <p class="wrong" id="wrong" role="alert">${_("This code is wrong, expired or already used.")}</p>
% endif
    <p class="hint" id="code-hint">${_("Or one of your recovery codes.")}</p>
    <p class="buttons"><button class="button primary">${_("Sign in")}</button></p>
  </form>
</section>
