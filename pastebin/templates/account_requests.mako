## An account's file requests.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="parts" file="parts.mako"/>
<%namespace name="own" file="account_parts.mako"/>
<%block name="title">${_("File requests")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="${page.static('css/file.css')}">
<link rel="stylesheet" href="${page.static('css/collection.css')}">
<link rel="stylesheet" href="${page.static('css/account.css')}">
</%block>
<header class="section-head own-head">
  <h1>${_("My files")}</h1>
  ${own.quota_lines(quota)}
</header>
% if "created" in notices:
<p class="notice" role="status">${_("The request is made: send its link to whom you want files of.")}</p>
% endif
% if "ended" in notices:
<p class="notice" role="status">${_("The request has ended. What has come stays with your files.")}</p>
% endif
${own.tabs("requests")}
<div class="narrow">
% if requests:
% for one in requests:
  <section class="panel" aria-labelledby="request-${one.code}">
    <h2 id="request-${one.code}" class="wrap"><bdi>${one.title}</bdi></h2>
    <p class="facts-line">
      <span>${_("{number} of {most} files", number=page.number(one.files), most=page.number(one.most_files)) if one.most_files is not None else plural("{number} file", "{number} files", one.files)}</span>
      <span>${_("{size} of {most}", size=page.size(one.bytes), most=page.size(one.most_bytes)) if one.most_bytes is not None else page.size(one.bytes)}</span>
% if one.types:
      <span>${_("Only {types}", types=page.listed(one.types))}</span>
% endif
% if one.expires:
      <span>${_("Expired on") if one.has_expired else _("Expires on")} ${page.time(one.expires)}</span>
% endif
% if not one.is_blind:
      <span>${_("Guests see what others have sent")}</span>
% endif
    </p>
    ${parts.copy_field("link-" + one.code, _("Link for guests"), address("u", one.code))}
% if one.collection_code:
    <p class="buttons"><a class="button" href="${page.path('c', one.collection_code)}">${icons.icon("folder")}${_("What has come so far")}</a></p>
% endif
    <form method="post" action="${page.home}account/requests">
      ${own.form_fields("end")}
      <input type="hidden" name="code" value="${one.code}">
      <p class="buttons"><button class="button danger" aria-label="${_('End the request')}: ${one.title} (${one.code})">${_("End the request")}</button></p>
    </form>
  </section>
% endfor
% else:
  <p class="plain-card">${_("With a request, others send files to you: they need a link, and no account.")}</p>
% endif
  <section class="panel" aria-labelledby="new-request">
    <h2 id="new-request">${_("New request")}</h2>
    <form class="stack" method="post" action="${page.home}account/requests">
      ${own.form_fields("create")}
      <div class="field">
        <label for="request-title">${_("Title")}</label>
        <input id="request-title" name="title" type="text" required maxlength="200" autocomplete="off" placeholder="${_('What you want')}">
      </div>
      <div class="field">
        <label for="request-note">${_("Note")}</label>
        <textarea id="request-note" name="note" rows="3" maxlength="2000" autocomplete="off"></textarea>
      </div>
      <div class="fields">
        <div class="field">
          <label for="request-files">${_("Files at most")}</label>
          <input id="request-files" name="files" type="number" min="1" max="500" autocomplete="off">
        </div>
        <div class="field">
          <label for="request-bytes">${_("Size in all")}</label>
          <input id="request-bytes" name="bytes" type="text" maxlength="20" autocomplete="off" placeholder="100 MB">
        </div>
        <div class="field">
          <label for="request-types">${_("Types")}</label>
          <input id="request-types" name="types" type="text" maxlength="1000" autocomplete="off" placeholder="image/*">
        </div>
        <div class="field">
          <label for="request-expires">${_("Expires")}</label>
          <select id="request-expires" name="expires" autocomplete="off">
            <option value="">${_("Never")}</option>
% for value, seconds in (("1d", 86400), ("1w", 604800), ("4w", 2419200)):
            <option value="${value}">${_("After {duration}", duration=page.duration(seconds))}</option>
% endfor
          </select>
        </div>
      </div>
      <label class="check"><input type="checkbox" name="shown" value="1" autocomplete="off"> ${_("Guests see what others have sent")}</label>
      <p class="buttons"><button class="button primary">${_("Make the request")}</button></p>
    </form>
  </section>
</div>
