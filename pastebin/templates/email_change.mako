## Whether an account's e-mail address is changed to the one that a message has reached.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%block name="title">${_("New e-mail address")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
</%block>
<section class="notice-page asking">
  <span class="notice-icon">${icons.icon("user")}</span>
  <h1>${_("New e-mail address")}</h1>
  <p>${_("For the account")} <bdi>${account.name}</bdi>: <bdi class="wrap">${email}</bdi></p>
  <form class="stack" method="post">
    <input type="hidden" name="csrf_token" value="${page.form_token}">
    <p class="buttons">
      <button class="button primary">${_("Change the address")}</button>
      <a class="button" href="${page.home}account">${_("Back to the account")}</a>
    </p>
  </form>
</section>
