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
</%block>
<%
SAID = {
    "password-changed": _("The password is changed, and every other session has ended."),
    "session-ended": _("The session has ended."),
    "token-revoked": _("The token is revoked."),
}
FAULTS = {
    "wrong-password": _("This is not the password you have now."),
    "not-the-same": _("The new passwords are not the same."),
    "not-deleted": _("This is not the password you have now. Nothing was deleted."),
    "bad-password": _("A password has 8 to 1024 characters."),
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
    <p class="hint">${_("It is told only once: copy it now, and share it with nobody.")}</p>
    ${parts.copy_field("token-text", _("Token"), token)}
    ${parts.copy_field("token-curl", _("From a terminal"), f'curl -H "Authorization: Bearer {token}" -F file=@photo.jpg {address}')}
  </section>
% endif

  <section class="panel" aria-labelledby="quota">
    <h2 id="quota">${_("Files")}</h2>
    ${own.quota_lines(quota)}
    <p class="buttons"><a class="button" href="${page.home}account/files">${icons.icon("folder")}${_("My files")}</a>\
<a class="button" href="${page.home}account/collections">${_("Collections")}</a></p>
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
    <p class="hint">${_("A program sends a token instead of your password. It may do what you choose here, and never see this page.")}</p>
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

  <section class="panel" aria-labelledby="password">
    <h2 id="password">${_("Password")}</h2>
    <form class="stack" method="post" action="${page.home}account/password">
      ${own.form_fields("change")}
      <input type="text" name="username" value="${account.name}" autocomplete="username" hidden>
% if fault and fault != "not-deleted":
      <p class="wrong" role="alert">${FAULTS[fault]}</p>
% endif
% for name, label, autocomplete in (("old_password", _("Password now"), "current-password"), ("new_password", _("New password"), "new-password"), ("again", _("New password again"), "new-password")):
      <div class="field">
        <label for="${name}">${label}</label>
        <input id="${name}" name="${name}" type="password" required maxlength="1024" autocomplete="${autocomplete}">
      </div>
% endfor
      <p class="buttons"><button class="button primary">${_("Change the password")}</button></p>
    </form>
  </section>

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
        <div class="field grow">
          <label for="delete-password">${_("Your password")}</label>
          <input id="delete-password" name="password" type="password" required maxlength="1024" autocomplete="current-password">
        </div>
        <button class="button danger filled">${_("Delete the account for good")}</button>
      </form>
    </details>
  </section>
</div>
