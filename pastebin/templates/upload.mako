## The parts of the upload page that scripts bring to life.
<%namespace name="icons" file="icons.mako"/>
<%namespace name="parts" file="parts.mako"/>
<%namespace name="terms" file="terms.mako"/>

<%def name="editor()">
<form class="sheet editor needs-js" id="editor" hidden>
  <div class="editor-bar">
    <div class="field grow">
      <label for="editor-title">${_("Title")}</label>
      <input id="editor-title" type="text" maxlength="200" autocomplete="off" placeholder="${_('Untitled')}">
    </div>
    <div class="field">
      <label for="editor-language">${_("Language")}</label>
      <select id="editor-language" autocomplete="off">
        <option value="">${_("Guessed from the text")}</option>
      </select>
    </div>
  </div>
  <label class="hidden" for="editor-text">${_("Text")}</label>
  <textarea id="editor-text" rows="14" spellcheck="false" autocapitalize="off" autocomplete="off" aria-describedby="editor-keys" placeholder="${_('Write or paste here, or drop a text file')}"></textarea>
  <p class="hint" id="editor-keys">${_("Tab indents; Escape, then Tab leaves the text. Ctrl+Enter shares it.")}</p>
  <div class="editor-foot">
    <label class="check"><input type="checkbox" data-wrap checked autocomplete="off"> ${_("Wrap long lines")}</label>
    <output class="hint" data-count for="editor-text"></output>
    <button type="button" class="quiet" data-clear hidden>${_("Clear")}</button>
    <button class="button primary">${_("Share text")}</button>
  </div>
</form>
</%def>

<%def name="plain_editor()">
<noscript>
<form class="sheet editor" action="${page.home}" method="post" enctype="multipart/form-data">
  <div class="field">
    <label for="plain-title">${_("Title")}</label>
    <input id="plain-title" name="title" type="text" maxlength="200" autocomplete="off" placeholder="${_('Untitled')}">
  </div>
  <div class="field">
    <label for="plain-text">${_("Text")}</label>
    <textarea id="plain-text" name="text" rows="8" spellcheck="false" autocapitalize="off" autocomplete="off" required></textarea>
  </div>
  <div class="editor-foot"><button class="button primary">${_("Share text")}</button></div>
  ${terms.options("plain")}
</form>
</noscript>
</%def>

<%def name="address(id)">
  <div class="field">
    <label for="${id}">${_("Address of a file")}</label>
    <input id="${id}" name="url" type="url" maxlength="2000" required autocomplete="off" spellcheck="false" placeholder="https://example.org/photo.jpg" dir="ltr">
  </div>
  <div class="editor-foot">
    <p class="hint">${_("The server fetches it and keeps a copy.")}</p>
    <button class="button primary">${_("Fetch")}</button>
  </div>
</%def>

<%def name="remote()">
<form class="sheet editor needs-js" id="remote" action="${page.home}" method="post" enctype="multipart/form-data" hidden>
  ${address("remote-url")}
</form>
</%def>

<%def name="plain_remote()">
<noscript>
<form class="sheet editor" action="${page.home}" method="post" enctype="multipart/form-data">
  ${address("plain-url")}
  ${terms.options("plain-remote")}
</form>
</noscript>
</%def>

<%def name="card()">
<template id="card">
  <li class="card">
    <div class="thumb" data-thumb>${icons.icon("file")}</div>
    <div class="card-main">
      <p class="card-name"><bdi data-name></bdi></p>
      <p class="card-status" data-status></p>
      <a class="row-link" data-row-link dir="ltr"></a>
      <progress data-progress max="1" value="0" aria-label="${_('Progress')}"></progress>
    </div>
    <div class="card-actions">
      <button type="button" class="quiet" data-pause hidden>${icons.icon("pause")}<span>${_("Pause")}</span></button>
      <button type="button" class="quiet" data-go-on hidden>${icons.icon("play")}<span>${_("Go on")}</span></button>
      <button type="button" class="quiet" data-row-copy aria-label="${_('Copy')}">${icons.icon("copy")}<span>${_("Copy")}</span></button>
      <button type="button" class="quiet" data-retry hidden>${icons.icon("retry")}<span>${_("Retry")}</span></button>
      <button type="button" class="button" data-undo hidden>${icons.icon("undo")}<span>${_("Undo")}</span></button>
      <button type="button" class="quiet" data-cancel>${icons.icon("close")}<span>${_("Cancel")}</span></button>
      <button type="button" class="quiet" data-dismiss hidden aria-label="${_('Remove from this list')}">${icons.icon("close")}</button>
      <button type="button" class="quiet" data-unfold aria-expanded="false" aria-label="${_('Details')}">${icons.icon("down")}</button>
    </div>
    <div class="card-result" data-result hidden>
      ${parts.link_field("card-short", _("Short link"), "", "short")}
      <p class="buttons">
        <a class="button" data-page>${icons.icon("eye")}${_("Preview")}</a>
        <a class="button" data-download download>${icons.icon("download")}${_("Download")}</a>
        <button type="button" class="button only-icon" data-web-share aria-label="${_('Share…')}" hidden>${icons.icon("share")}</button>
      </p>
      <div class="card-warning" role="status" data-personal hidden>
        <span>${_("This picture says where it was taken.")}</span>
        <button type="button" class="button" data-strip>${icons.icon("trash")}${_("Remove it")}</button>
      </div>
      <div class="card-foot">
        ${parts.share_fields("card")}
        <p class="card-own">
          <a class="quiet" data-manage>${icons.icon("sliders")}${_("Manage")}</a>
          <button type="button" class="quiet danger" data-delete>${icons.icon("trash")}${_("Delete")}</button>
        </p>
      </div>
    </div>
  </li>
</template>
</%def>

<%def name="interrupted()">
<section class="interrupted needs-js" aria-labelledby="interrupted-title" data-interrupted hidden>
  <h2 id="interrupted-title">${_("Interrupted uploads")}</h2>
  <ol class="history"></ol>
</section>
<template id="interrupted-item">
  <li>
    <div class="history-main">
      <bdi data-name></bdi>
      <p class="hint" data-facts></p>
    </div>
    <button type="button" class="quiet danger" data-give-up>${icons.icon("trash")}<span>${_("Give up")}</span></button>
  </li>
</template>
</%def>

<%def name="history_item()">
<template id="history-item">
  <li>
    <label class="pick" data-pick hidden><input type="checkbox" autocomplete="off"></label>
    <div class="thumb" data-thumb>
      <span data-icon="image" hidden>${icons.icon("image")}</span><span data-icon="video" hidden>${icons.icon("video")}</span><span data-icon="audio" hidden>${icons.icon("audio")}</span><span data-icon="pdf" hidden>${icons.icon("pdf")}</span><span data-icon="text" hidden>${icons.icon("text")}</span><span data-icon="">${icons.icon("file")}</span>
    </div>
    <div class="history-main">
      <a data-page><bdi data-name></bdi></a>
      <p class="hint" data-facts></p>
    </div>
    <button type="button" class="quiet" data-copy-link aria-label="${_('Copy')}: ${_('Short link')}">${icons.icon("link")}</button>
    <details class="menu" data-menu>
      <summary class="quiet" data-more>${icons.icon("more")}</summary>
      <ul>
        <li><a data-manage>${_("Manage")}${icons.icon("sliders")}</a></li>
        <li><button type="button" data-forget>${_("Remove from list")}${icons.icon("close")}</button></li>
        <li><button type="button" class="danger" data-delete>${_("Delete")}${icons.icon("trash")}</button></li>
      </ul>
    </details>
    <button type="button" class="button" data-undo hidden>${icons.icon("undo")}<span>${_("Undo")}</span></button>
  </li>
</template>
</%def>

<%def name="words()">
<script type="application/json" id="words">${page.json({
    "waiting": _("Waiting"),
    "sending": _("{sent} of {total}"),
    "speed": _("{speed}/s"),
    "left": _("{time} left"),
    "storing": _("Storing"),
    "created": _("Ready"),
    "found": _("Already uploaded, same link"),
    "cancelled": _("Cancelled"),
    "too_big_here": _("Too large: {size}. The limit is {limit}."),
    "no_network": _("The connection failed. Retry when you are online again."),
    "unreadable": _("Your browser cannot read this file any more. Was it moved or changed?"),
    "too_large": _("This file is larger than the server takes."),
    "storage_full": _("The server's disk is full. Nothing was stored; try again later."),
    "unavailable": _("The server is busy or being restarted. Nothing was stored; try again in a moment."),
    "failed": _("The server did not take this file (status {status}). Try again."),
    "paused": _("paused"),
    "offline": _("offline, goes on by itself"),
    "retrying": _("the connection failed, trying again"),
    "elsewhere": _("being uploaded in another tab"),
    "choose_again": _("{percent} of {size} is uploaded. Choose it again to go on."),
    "elsewhere_at": _("{percent} of {size}, being uploaded in another tab"),
    "given_up": _("{name} is given up"),
    "together_made": _("All files are under one link."),
    "ready_for": _("{name} is ready"),
    "failed_for": _("{name}: {reason}"),
    "pasted": _("pasted picture"),
    "untitled": _("untitled"),
    "guessed_none": _("Guessed from the text"),
    "guessed": _("Guessed: {language}"),
    "lines": _("{lines} lines, {size}"),
    "one_line": _("1 line, {size}"),
    "no_text": _("There is no text yet."),
    "not_editable": _("This file cannot be edited here."),
    "has_text": _("There is a text here already. Paste into it, or clear it first."),
    "ready_of": _("{ready} of {total} ready"),
    "forgot_confirm": _("Clear the list? The files stay online, and this browser forgets how to change or delete them."),
    "more_for": _("More for {name}"),
    "choose_for": _("Choose: {name}"),
    "chosen": _("{number} chosen"),
    "expires": _("expires {when}"),
    "downloads": _("{number} downloads"),
    "one_download": _("1 download"),
    "password": _("password"),
    "not_listed": _("not on Latest"),
    "private": _("private"),
    "after": _("expires after {time}"),
    "deleting": _("Deleting…"),
    "deleting_for": _("{name} will be deleted in 10 seconds. Press Undo to keep it."),
    "kept_for": _("{name} is kept"),
    "deleted": _("Deleted"),
    "deleted_shared": _("Deleted here. Somebody else shared the same file, so its link still works."),
    "stripped": _("Position, camera and other data are removed; the link is a new one."),
    "not_stripped": _("It could not be removed. Try again."),
    "not_deleted": _("It could not be deleted. Try again."),
    "bad_term": _("The server did not accept the options: {message}"),
    "banned": _("These bytes were removed from this server and may not be uploaded again."),
    "too_many_requests": _("Too many uploads from your address. Try again later."),
    "bad_remote": _("The server does not fetch from this address."),
    "remote_failed": _("The other server cannot be reached, or does not send a whole file."),
    "remote_timeout": _("The other server took too long."),
    "plain": _("Plain text"),
    "bytes": _("{number} bytes"),
})}</script>
</%def>
