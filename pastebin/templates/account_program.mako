## How a program is told to upload to the account, with the token that was made for it.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="parts" file="parts.mako"/>
<%
title = {"shortcut": _("Shortcut for iPhone and iPad"), "curl": _("From a terminal")}[program]
header = f"Authorization: Bearer {token}"
%>
<%block name="title">${_("Account")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="${page.static('css/file.css')}">
<link rel="stylesheet" href="${page.static('css/account.css')}">
</%block>
<div class="narrow">
  <header class="file-head">
    <p class="kicker"><a href="${page.home}account">${_("Account")}</a></p>
    <h1>${title}</h1>
    <p class="hint">${_("The token in here is shown only once. It can upload to your account and nothing else. You can revoke it on your account page.")}</p>
  </header>
  <section class="panel" aria-label="${title}">
% if program == "curl":
    ${parts.copy_field("curl-line", _("Share a file"), f"curl -H '{header}' -F file=@photo.jpg {address}")}
    ${parts.copy_field("curl-pipe", _("Share what a command says"), f"command | curl -H '{header}' -F 'file=@-;filename=output.txt' {address}")}
% else:
    <ol class="steps">
      <li>${_("In the app Shortcuts make a new shortcut, and turn on “Show in Share Sheet” in its details.")}</li>
      <li>${_("Add the action “Get Contents of URL” with this address, and choose the method POST.")}
        ${parts.copy_field("shortcut-address", "URL", address)}</li>
      <li>${_("Add two headers.")}
        ${parts.copy_field("shortcut-authorization", "Authorization", f"Bearer {token}")}
        ${parts.copy_field("shortcut-accept", "Accept", "text/plain")}</li>
      <li>${_("Choose “Form” as the request body, and add a field of the type File: its key is “file”, its value “Shortcut Input”.")}</li>
      <li>${_("Add the action “Copy to Clipboard”. Whatever you share by this shortcut now becomes a short link.")}</li>
    </ol>
% endif
    <p class="buttons"><a class="button" href="${page.home}account">${_("Back to the account")}</a></p>
  </section>
</div>
