## A link, for who holds its key: its addresses, its terms to change, its end.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="parts" file="parts.mako"/>
<%namespace name="terms" file="terms.mako"/>
<%block name="title">${_("Manage {name}", name=file.heading)} · ${brand.site_name}</%block>
<%block name="head">
<link rel="stylesheet" href="${page.static('css/file.css')}">
<meta name="robots" content="noindex">
<script type="module" src="${page.static('js/manage.js')}"></script>
</%block>
<%block name="bar">
<a class="quiet" href="${page.home}">${icons.icon("upload")}<span>${_("Share a file")}</span></a>
</%block>
<div class="narrow manage">
  <script type="application/json" data-file>${page.json(described)}</script>
  <header class="file-head">
    <p class="kicker">${_("Manage")}</p>
    <h1 class="wrap"><bdi>${file.heading}</bdi></h1>
    <p class="facts-line">
      <span>${page.size(file.size)}</span>
      ${page.time(file.uploadtime)}
      ${parts.terms_facts()}
    </p>
% if "changed" in notices:
    <p class="notice" role="status">${_("Saved.")}</p>
% endif
% if "claimed" in notices:
    <p class="notice" role="status">${_("This is among your files now.")}</p>
% endif
    ${parts.removed_data(removed)}
  </header>

  <section class="panel" aria-label="${_('Link')}">
    ${parts.link_field("short", _("Short link"), described["url_s"])}
    <p class="buttons"><a class="button" href="${page.path('p', file.filehash)}">${icons.icon("eye")}${_("Show the page")}</a></p>
## Behind a password it is for who has shown that, as the page itself is.
% if not file.password:
    ${parts.qr_code()}
% endif
  </section>

% if url_m:
  ${parts.management(url_m)}
% endif
  ${parts.personal_data(personal, url_m or f"{page.home}account/files/{file.filehash}")}

  <section class="panel" aria-labelledby="terms">
    <h2 id="terms">${_("Options")}</h2>
    <form class="stack" method="post">
      <input type="hidden" name="action" value="change">
% if page.account:
      <input type="hidden" name="csrf_token" value="${page.form_token}">
% endif
      <div class="fields">
        ${terms.title(file.title, file.filename)}
        ${terms.expiry("change", [("", _("No change")), ("never", terms.forever())] if file.expires else [("", terms.forever())])}
        ${terms.downloads_left(file.downloads_left)}
% if page.has_latest or file.owner_id is not None:
        <div class="field">
          <label for="visibility">${_("Visibility")}</label>
          <select id="visibility" name="visibility" autocomplete="off">
% for value, words in (("listed", _("Shown on Latest")), ("unlisted", _("Unlisted")), ("private", _("Private"))):
% if value == visibility or value == "unlisted" or (value == "listed" and page.has_latest) or (value == "private" and file.owner_id is not None):
            <option value="${value}"${' selected' if value == visibility else ''}>${words}</option>
% endif
% endfor
          </select>
% if file.is_off_list and file.is_listed:
          <p class="hint">${_("An editor keeps this file off Latest.")}</p>
% endif
        </div>
% endif
        ${terms.new_password(file.password)}
      </div>
      <p class="buttons"><button class="button primary">${_("Save")}</button></p>
    </form>
  </section>

  ${parts.claim(file.owner_id)}
  <section class="panel" aria-labelledby="end">
    <h2 id="end">${_("Delete")}</h2>
% if url_m and file.owner_id is not None:
    <p class="hint">${_("This address stops working. The file stays with its account, which can delete it among its files.")}</p>
% else:
    <p class="hint">${_("The link stops working at once. If somebody else shared the same file, theirs goes on working.")}</p>
% endif
    <details class="confirm">
      <summary class="button danger">${icons.icon("trash")}${_("Delete…")}</summary>
      <form method="post" data-end>
        <input type="hidden" name="action" value="delete">
% if page.account:
        <input type="hidden" name="csrf_token" value="${page.form_token}">
% endif
        <p>${_("This cannot be undone.")}</p>
        <button class="button danger filled">${_("Delete for good")}</button>
      </form>
    </details>
  </section>
</div>
