## The way to the provider, for who wants to link an account there.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%block name="title">${_("Link a sign-in")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
</%block>
<section class="notice-page">
  <span class="notice-icon">${icons.icon("link")}</span>
  <h1>${_("Link a sign-in")}</h1>
  <p>${_("Sign in at {provider}; that account then signs in to this one.", provider=page.sign_in_provider)}</p>
  <p class="buttons"><a class="button primary" href="${address}">${_("Go on to {provider}", provider=page.sign_in_provider)}</a> <a class="button" href="${page.home}account">${_("Cancel")}</a></p>
</section>
