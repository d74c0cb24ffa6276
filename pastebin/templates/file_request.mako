## A file request, for guests: what is asked for, and the form that sends it.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%! shows_sign_in = False %>
<%block name="title">${asked.title} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="${page.static('css/file.css')}">
<link rel="stylesheet" href="${page.static('css/account.css')}">
<script type="module" src="${page.static('js/file-request.js')}"></script>
</%block>
<div class="narrow">
  <header class="file-head">
    <p class="kicker">${_("Files wanted")}</p>
    <h1 class="wrap"><bdi>${asked.title}</bdi></h1>
% if asked.note:
    <p class="request-note wrap"><bdi>${asked.note}</bdi></p>
% endif
    <p class="facts-line">
% if asked.files_left is not None:
      <span>${plural("{number} file is still wanted.", "{number} files are still wanted.", asked.files_left)}</span>
% endif
% if asked.bytes_left is not None:
      <span>${_("{size} in all", size=page.size(asked.bytes_left))}</span>
% endif
% if asked.types:
      <span>${_("Only {types}", types=page.listed(asked.types))}</span>
% endif
% if asked.expires:
      <span>${_("Expires on")} ${page.time(asked.expires)}</span>
% endif
    </p>
% if sent:
    <p class="notice" role="status">${plural("{number} file has arrived. Thank you!", "{number} files have arrived. Thank you!", sent)}</p>
% endif
% if not takes_uploads:
    <p class="notice" role="status">${_("Nothing can be uploaded here at the moment. Try again later.")}</p>
% endif
  </header>
% if asked.is_full:
  <p class="plain-card">${_("Everything that was wanted is here. There is no room for more.")}</p>
% else:
  <form class="sheet" id="request" action="${page.path('u', asked.code)}" method="post" enctype="multipart/form-data" data-max-size="${max_size}" data-failed="${_('The connection failed. Retry when you are online again.')}">
    <div class="drop">
      ${icons.icon("upload")}
      <label class="drop-title" for="file">${_("Choose files, or drop them here")}</label>
      <input type="file" id="file" name="file" required multiple${f' accept="{",".join(asked.types)}"' if asked.types else '' | n}>
      <div class="field">
        <label for="sender">${_("Your name")}</label>
        <input id="sender" name="sender" type="text" maxlength="${sender_length}" autocomplete="name" aria-describedby="sender-hint">
        <p class="hint" id="sender-hint">${_("So that it is known who the files are from.")}</p>
      </div>
      <p class="drop-buttons"><button class="button primary">${_("Send")}</button></p>
      <progress max="1" value="0" aria-label="${_('Progress')}" hidden></progress>
      <p class="wrong" role="alert" data-fault></p>
      <p class="hint">${_("Up to {size} at once.", size=page.size(max_size))}
      ${_("Who asked for the files sees them.") if asked.is_blind else _("Everybody with this link sees them.")}</p>
    </div>
  </form>
% endif
% if collection:
  <p class="buttons"><a class="button" href="${page.path('c', collection.code)}">${icons.icon("folder")}${_("What has come so far")}</a></p>
% endif
</div>
