## An account's own page: quota, password, sessions, tokens.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="parts" file="parts.mako"/>
<%namespace name="own" file="account_parts.mako"/>
<%block name="title">${_("Account")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="${page.static('css/file.css')}">
<link rel="stylesheet" href="${page.static('css/account.css')}">
<script type="module" src="${page.static('js/passkeys.js')}"></script>
</%block>
<%
SAID = {
    "email-sent": _("A message is on its way to the new address. Open the link in it within one day to change yours."),
    "email-changed": _("The account has another e-mail address."),
    "password-changed": _("The password is changed. Every other session and every token has ended."),
    "session-ended": _("The session has ended."),
    "second-factor-off": _("The second factor is off."),
    "passkey-added": _("The passkey is here: it signs you in from now on."),
    "passkey-removed": _("The passkey is removed."),
    "linked": _("This sign-in is linked."),
    "unlinked": _("This sign-in is not linked any more."),
    "token-revoked": _("The token is revoked."),
}
FAULTS = {
    "wrong-password": _("This is not the password you have now."),
    "not-new": _("For this you must have signed in within the last ten minutes."),
    "not-the-same": _("The new passwords are not the same."),
    "not-deleted": _("This is not the password you have now. Nothing was deleted."),
    "bad-password": _("A password has 8 to 1024 characters."),
}
EMAIL_FAULTS = {
    "email-password": FAULTS["wrong-password"],
    "email-not-new": FAULTS["not-new"],
    "email-same": _("This is the address that the account has."),
    "no-email": _("This is no e-mail address."),
}
SCOPE_WORDS = {
    "upload": _("Upload files"),
    "read": _("See my files"),
    "delete": _("Change and delete my files"),
    "admin": _("What my roles allow"),
}
%>
<div class="narrow">
  <header class="file-head">
    <p class="kicker">${_("Account")}</p>
    <h1 class="wrap"><bdi>${account.name}</bdi></h1>
% if account.email:
    <p class="hint"><bdi>${account.email}</bdi></p>
% endif
% for notice in notices:
% if notice in SAID:
    <p class="notice" role="status">${SAID[notice]}</p>
% endif
% endfor
  </header>

% if token:
  <section class="panel key" aria-labelledby="new-token">
    <h2 id="new-token">${_("New token")}</h2>
    <p class="hint">${_("It is shown only once: copy it now and share it with nobody.")}</p>
    ${parts.copy_field("token-text", _("Token"), token)}
    ${parts.copy_field("token-curl", _("From a terminal"), f'curl -H "Authorization: Bearer {token}" -F file=@photo.jpg {address}')}
  </section>
% endif

  <section class="panel" aria-labelledby="quota">
    <h2 id="quota">${_("Files")}</h2>
    ${own.quota_lines(quota)}
    <p class="buttons"><a class="button" href="${page.home}account/files">${icons.icon("folder")}${_("My files")}</a>\
<a class="button" href="${page.home}account/collections">${icons.icon("link")}${_("Collections")}</a>\
<a class="button" href="${page.home}account/requests">${icons.icon("upload")}${_("File requests")}</a></p>
  </section>

  <section class="panel" aria-labelledby="programs">
    <h2 id="programs">${_("Upload from other programs")}</h2>
    <p class="hint">${_("Each gets a token of its own that can upload to your account and nothing else.")}</p>
    <form class="programs" method="post" action="${page.home}account/programs">
      <input type="hidden" name="csrf_token" value="${page.form_token}">
% for name, words, mark in (("sharex", "ShareX (.sxcu)", "download"), ("script", _("Shell script"), "download"), ("shortcut", _("iPhone and iPad"), "share"), ("curl", "curl", "text")):
      <button class="button" name="program" value="${name}">${icons.icon(mark)}${words}</button>
% endfor
    </form>
  </section>

  <section class="panel" aria-labelledby="tokens">
    <h2 id="tokens">${_("Tokens")}</h2>
    <p class="hint">${_("A program sends a token instead of your password. It may do what you choose here, and never see this page.")}
    <a href="${page.home}api/v1/">${_("What programs can do")}</a></p>
% if tokens:
    <ul class="rows">
% for one in tokens:
      <li>
        <div class="grow">
          <strong class="wrap"><bdi>${one.name}</bdi></strong>
          <p class="facts-line">
            <span>${", ".join(SCOPE_WORDS[scope] for scope in one.scopes)}</span>
            <code>pb_${one.public_id}_…</code>
% if one.expires:
            <span>${_("Expires on")} ${page.time(one.expires)}</span>
% endif
% if one.max_size:
            <span>${_("Up to {size} a file.", size=page.size(one.max_size))}</span>
% endif
            <span>${_("Last used")} ${page.time(one.last_used) if one.last_used else _("never")}</span>
          </p>
        </div>
        <form method="post" action="${page.home}account/tokens">
          ${own.form_fields("revoke")}
          <input type="hidden" name="token" value="${one.public_id}">
          <button class="button danger" aria-label="${_('Revoke')}: ${one.name}">${_("Revoke")}</button>
        </form>
      </li>
% endfor
    </ul>
% endif
    <details class="fold">
      <summary>${_("New token")}</summary>
      <form class="fold-body stack" method="post" action="${page.home}account/tokens">
        ${own.form_fields("create")}
        <div class="field">
          <label for="token-name">${_("Name")}</label>
          <input id="token-name" name="name" type="text" required maxlength="199" autocomplete="off" placeholder="${_('What it is for')}">
        </div>
        <fieldset class="checks">
          <legend>${_("It may")}</legend>
% for scope in scopes:
          <label class="check"><input type="checkbox" name="scope" value="${scope}"${' checked' if scope == 'upload' else ''} autocomplete="off"> ${SCOPE_WORDS[scope]}</label>
% endfor
        </fieldset>
        <div class="fields">
          <div class="field">
            <label for="token-lifetime">${_("Expires")}</label>
            <select id="token-lifetime" name="lifetime" autocomplete="off">
              <option value="">${_("Never")}</option>
% for value, seconds in (("1d", 86400), ("4w", 2419200), ("52w", 31449600)):
              <option value="${value}">${_("After {duration}", duration=page.duration(seconds))}</option>
% endfor
            </select>
          </div>
          <div class="field">
            <label for="token-size">${_("Largest file")}</label>
            <input id="token-size" name="max_size" type="text" maxlength="20" autocomplete="off" placeholder="100 MB">
          </div>
          <div class="field">
            <label for="token-uploads-expire">${_("Uploads expire")}</label>
            <select id="token-uploads-expire" name="uploads_expires" autocomplete="off">
              <option value="">${_("Never")}</option>
% for value, label in page.lifetimes:
              <option value="${value}">${_("After {duration}", duration=label)}</option>
% endfor
            </select>
          </div>
          <div class="field">
            <label for="token-visibility">${_("Uploads are")}</label>
            <select id="token-visibility" name="uploads_visibility" autocomplete="off">
              <option value="">${_("As usual")}</option>
              <option value="private">${_("Private")}</option>
              <option value="unlisted">${_("Unlisted")}</option>
            </select>
          </div>
        </div>
        <p class="buttons"><button class="button primary">${_("Make the token")}</button></p>
      </form>
    </details>
  </section>

  <section class="panel" aria-labelledby="sessions">
    <h2 id="sessions">${_("Signed in")}</h2>
    <ul class="rows">
% for one in sessions:
      <li>
        <div class="grow">
          <strong class="wrap" title="${one.agent}"><bdi>${page.browser(one.agent) or _("Unknown browser")}</bdi></strong>
          <p class="facts-line">
% if one.id == identity.session_id:
            <span>${_("This browser")}</span>
% endif
            <span>${_("Since")} ${page.time(one.created)}</span>
            <span>${_("Last used")} ${page.time(one.seen)}</span>
          </p>
        </div>
        <form method="post" action="${page.home}account/sessions">
          ${own.form_fields("end")}
          <input type="hidden" name="session" value="${one.id}">
          <button class="button" aria-label="${_('Sign out')}: ${page.browser(one.agent)}, ${one.created.strftime('%Y-%m-%d %H:%M:%S')}">${_("Sign out")}</button>
        </form>
      </li>
% endfor
    </ul>
    <form method="post" action="${page.home}account/sessions">
      ${own.form_fields("end-all")}
      <button class="button danger">${_("Sign out everywhere")}</button>
    </form>
  </section>

  <section class="panel" aria-labelledby="passkeys">
    <h2 id="passkeys">${_("Passkeys")}</h2>
    <p class="hint">${_("A phone, a computer or a security key signs you in, without password and code.")}</p>
% if passkeys:
    <ul class="rows">
% for one in passkeys:
      <li>
        <div class="grow">
          <strong class="wrap"><bdi>${one.name or _("Passkey")}</bdi></strong>
          <p class="facts-line">
            <span>${_("Since")} ${page.time(one.created)}</span>
            <span>${_("Last used")} ${page.time(one.last_used) if one.last_used else _("never")}</span>
          </p>
        </div>
        <form method="post" action="${page.home}account/passkeys">
          ${own.form_fields("remove")}
          <input type="hidden" name="passkey" value="${one.id}">
          <button class="button danger" aria-label="${_('Remove')}: ${one.name or _('Passkey')}">${_("Remove")}</button>
        </form>
      </li>
% endfor
    </ul>
% endif
    <details class="fold needs-js">
      <summary>${_("New passkey")}</summary>
      <form class="fold-body stack" method="post" action="${page.home}account/passkeys" data-passkey="new" data-failed="${_('The browser has made no passkey.')}" hidden>
        ${own.form_fields("add")}
        <input type="hidden" name="state">
        <input type="hidden" name="credential">
        <div class="field">
          <label for="passkey-name">${_("Name")}</label>
          <input id="passkey-name" name="name" type="text" required maxlength="100" autocomplete="off" placeholder="${_('Name of the device')}">
        </div>
        ${own.confirmation("password-passkey")}
        <p class="wrong" role="alert" data-fault></p>
        <p class="buttons"><button class="button primary">${_("Make a passkey")}</button></p>
      </form>
    </details>
  </section>

  <section class="panel" aria-labelledby="factor">
    <h2 id="factor">${_("Second factor")}</h2>
    <p class="hint">${_("It is on: signing in takes a code besides the password.") if has_factor else _("Signing in can take a code of an app on your phone besides the password.")}</p>
    <p class="buttons"><a class="button" href="${page.home}account/second-factor">${icons.icon("lock")}${_("Change it") if has_factor else _("Set it up")}</a></p>
  </section>

% if page.sign_in_provider:
  <section class="panel" aria-labelledby="identities">
    <h2 id="identities">${page.sign_in_provider}</h2>
    <p class="hint">${_("Accounts there that sign in to this one.")}</p>
% if identities:
    <ul class="rows">
% for one in identities:
      <li>
        <div class="grow">
          <strong class="wrap"><bdi>${one.label or one.issuer}</bdi></strong>
          <p class="facts-line"><span>${_("Since")} ${page.time(one.created)}</span></p>
        </div>
        <details class="fold">
          <summary>${_("Unlink")}</summary>
          <form class="fold-body stack" method="post" action="${page.home}account/identities">
            ${own.form_fields("unlink")}
            <input type="hidden" name="identity" value="${one.id}">
            ${own.confirmation(f"password-unlink-{one.id}")}
            <p class="buttons"><button class="button danger">${_("Unlink")}</button></p>
          </form>
        </details>
      </li>
% endfor
    </ul>
% endif
    <details class="fold">
      <summary>${_("Link a sign-in")}</summary>
      <form class="fold-body stack" method="post" action="${page.home}account/identities">
        ${own.form_fields("link")}
        ${own.confirmation("password-link")}
        <p class="buttons"><button class="button primary">${_("Go on")}</button></p>
      </form>
    </details>
  </section>
% endif

  <section class="panel" aria-labelledby="password">
    <h2 id="password">${_("Password")}</h2>
    <form class="stack" method="post" action="${page.home}account/password">
      ${own.form_fields("change")}
      <input type="text" name="username" value="${account.name}" autocomplete="username" hidden>
% if fault in FAULTS and fault != "not-deleted":
      <p class="wrong" role="alert">${FAULTS[fault]}</p>
% endif
% if not account.password:
      <p class="hint">${_("This account has no password yet.")} ${_("For this you must have signed in within the last ten minutes.")}</p>
% endif
% for name, label, autocomplete in (*((("old_password", _("Current password"), "current-password"),) if account.password else ()), ("new_password", _("New password"), "new-password"), ("again", _("New password again"), "new-password")):
      <div class="field">
        <label for="${name}">${label}</label>
        <input id="${name}" name="${name}" type="password" required maxlength="1024" autocomplete="${autocomplete}">
      </div>
% endfor
      <p class="buttons"><button class="button primary">${_("Change the password")}</button></p>
    </form>
  </section>

% if page.has_mail:
  <section class="panel" aria-labelledby="email">
    <h2 id="email">${_("E-mail address")}</h2>
    <p class="hint">${_("A forgotten password is changed by a message to it, and messages of file requests go there.")}</p>
% if account.email:
    <p class="wrap"><bdi>${account.email}</bdi></p>
% else:
    <p>${_("This account has none.")}</p>
% endif
    <details class="fold"${' open' if fault in EMAIL_FAULTS else '' | n}>
      <summary>${_("Another address")}</summary>
      <form class="fold-body stack" method="post" action="${page.home}account/email">
        ${own.form_fields("change")}
        <input type="text" name="username" value="${account.name}" autocomplete="username" hidden>
% if fault in EMAIL_FAULTS:
        <p class="wrong" role="alert">${EMAIL_FAULTS[fault]}</p>
% endif
        <div class="field">
          <label for="new-email">${_("New e-mail address")}</label>
          <input id="new-email" name="email" type="email" required maxlength="254" autocomplete="email" autocapitalize="none" spellcheck="false">
        </div>
        ${own.confirmation("password-email")}
        <p class="buttons"><button class="button primary">${_("Send the message")}</button></p>
      </form>
    </details>
  </section>
% endif

  <section class="panel" aria-labelledby="export">
    <h2 id="export">${_("Export")}</h2>
    <p class="hint">${_("All your files as a zip, with what is known of them as JSON.")}</p>
    <p class="buttons">
% for number, after in enumerate(export_parts, 1):
      <a class="button" href="${page.home}account/export${f'?after={after}' if after else ''}" download>${icons.icon("download")}${_("Download everything") if len(export_parts) == 1 else _("Part {number} of {total}", number=number, total=len(export_parts))}</a>
% endfor
    </p>
  </section>

  <section class="panel" aria-labelledby="deletion">
    <h2 id="deletion">${_("Delete the account")}</h2>
    <p class="hint">${_("Your links stop working at once. Files, collections and tokens are deleted: {files}, {size}.", files=plural("{number} file", "{number} files", quota.files), size=page.size(quota.bytes))}</p>
    <details class="confirm"${' open' if fault == 'not-deleted' else ''}>
      <summary class="button danger">${icons.icon("trash")}${_("Delete the account…")}</summary>
      <form method="post" action="${page.home}account/deletion">
        ${own.form_fields("delete")}
        <input type="text" name="username" value="${account.name}" autocomplete="username" hidden>
% if fault == "not-deleted":
        <p class="wrong" role="alert">${FAULTS[fault]}</p>
% endif
        <p>${_("This cannot be undone.")}</p>
        ${own.confirmation("delete-password")}
        <button class="button danger filled">${_("Delete the account for good")}</button>
      </form>
    </details>
  </section>
</div>
