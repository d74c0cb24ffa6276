## Put something in: files, a picture from the clipboard, a text.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="parts" file="parts.mako"/>
<%namespace name="terms" file="terms.mako"/>
<%namespace name="together" file="together.mako"/>
<%namespace name="upload" file="upload.mako"/>
<%block name="title">${_("Share a file")} · ${brand.site_name}</%block>
## First of all, as it asks nothing of the others: what somebody was writing is there with the page.
<%block name="early">
<script type="module" src="${page.static('js/draft.js')}"></script>
</%block>
<%block name="head">
<script type="module" src="${page.static('js/upload.js')}"></script>
% for name in ("card", "editor", "expiry", "formats", "options", "queue", "records", "share", "sources", "thumbs", "transfer", "words"):
<link rel="modulepreload" href="${page.static(f'js/{name}.js')}" fetchpriority="low">
% endfor
</%block>
<div class="narrow">
  <h1>${_("Share a file")}</h1>
% if "account-deleted" in notices:
  <p class="notice" role="status">${_("Your account is deleted. Its links no longer work.")}</p>
% endif
% if "deleted" in notices:
  <p class="notice" role="status">${_("The file is deleted.")}</p>
% endif
% if not takes_uploads:
  <p class="notice" role="status">${_("Nothing can be uploaded here at the moment. Try again later.")}</p>
% endif
  <p class="lead">${_("Get a preview page, a short link and a download. Images come in any size you ask for.")}</p>

  <fieldset class="segmented needs-js" data-modes>
    <legend class="hidden">${_("What to share")}</legend>
    <label><input type="radio" name="mode" value="files" checked autocomplete="off"><span>${_("Files")}</span></label>
    <label><input type="radio" name="mode" value="text" autocomplete="off"><span>${_("Text")}</span></label>
% if is_fetching:
    <label><input type="radio" name="mode" value="remote" autocomplete="off"><span>${_("Address")}</span></label>
% endif
  </fieldset>

  ${upload.interrupted()}
  <form class="sheet" id="files" action="${page.home}" method="post" enctype="multipart/form-data" data-max-size="${max_upload_size}">
    <div class="drop">
      ${icons.icon("upload")}
      <p class="drop-title needs-js">${_("Drop files anywhere on this page")}</p>
      <p class="drop-hint needs-js">${_("or paste a picture from the clipboard")}</p>
      <label class="no-js" for="file">${_("Choose a file")}</label>
      <input class="no-js" type="file" id="file" name="file" required multiple>
      <label class="check no-js"><input type="checkbox" name="collection" value="" autocomplete="off"> ${_("One link for all")}</label>
      <p class="drop-buttons">
        <button class="button primary no-js">${_("Upload")}</button>
        <button type="button" class="button primary needs-js" data-choose>${icons.icon("file")}${_("Choose files")}</button>
        <button type="button" class="button needs-js" data-choose-folder>${icons.icon("folder")}${_("Choose a folder")}</button>
      </p>
      <p class="hint">${_("Up to {size} per file.", size=page.size(max_upload_size))}</p>
    </div>
    ${terms.options("options", is_shared=True)}
  </form>
  ${upload.editor()}
  ${upload.plain_editor()}
% if is_fetching:
  ${upload.remote()}
  ${upload.plain_remote()}
% endif

  <section class="uploads needs-js" aria-labelledby="uploads-title" data-uploads hidden>
    <h2 id="uploads-title">${_("Uploads")}</h2>
    ${together.panel()}
    <ol class="cards" data-cards></ol>
  </section>

## Seen when it is known whether a text is being written above it: a script says that late on a slow line.
  <details class="fold late">
    <summary>${_("From a terminal or another program")}</summary>
    <div class="fold-body">
      ${parts.copy_field("curl", _("From a terminal"), f"curl -F file=@photo.jpg {address}")}
      <p class="buttons">
        <a class="button" href="${page.home}sharex.sxcu" download>${icons.icon("download")}${_("Settings for ShareX")}</a>
        <a class="button" href="${page.home}screenshot.sh" download>${icons.icon("download")}${_("Script for Flameshot")}</a>
      </p>
    </div>
  </details>

  <section class="needs-js" aria-labelledby="history-title" data-history hidden>
    <header class="section-head">
      <h2 id="history-title">${_("Shared from this browser")}</h2>
      <span class="head-buttons">
        <button type="button" class="quiet" data-history-choose>${_("Choose")}</button>
        <button type="button" class="quiet" data-history-clear>${_("Clear list")}</button>
      </span>
    </header>
    <p class="hint">${_("This list is kept in this browser only. Your files stay online.")}</p>
    <div class="field history-search" data-history-searching hidden>
      <label class="hidden" for="history-search">${_("Search this list")}</label>
      <input id="history-search" type="text" autocomplete="off" placeholder="${_('Search this list')}" data-history-search>
    </div>
    ${together.choosing()}
    <ol class="history" data-history-list></ol>
    <p class="buttons"><button type="button" class="button" data-history-more hidden>${_("Show more")}</button></p>
  </section>
</div>
<div class="drop-anywhere" aria-hidden="true"><p>${icons.icon("upload")}${_("Drop to upload")}</p></div>
<p class="hidden" role="status" aria-live="polite" data-announce></p>
${upload.card()}
${upload.history_item()}
${upload.words()}
