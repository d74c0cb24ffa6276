## A file's page: the best look at it that a browser can give, its links, what is known about it.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="parts" file="parts.mako"/>
<%namespace name="admin" file="admin_parts.mako"/>
<%!
def N_(text):
    """Mark a message for the catalogues."""
    return text

NOTICES = {
    "created": N_("Uploaded."),
    "found": N_("Already uploaded, same link."),
    "reported": N_("Thank you. The operator will look at it."),
    "off-list": N_("The file is not shown on Latest any more. Its link works as before."),
    "on-list": N_("The file is on Latest again."),
}
%>
<%block name="title">${file.heading} · ${brand.site_name}</%block>
<%block name="head">
<link rel="stylesheet" href="${page.static('css/file.css')}">
% for attribute, name, content in card.meta:
<meta ${attribute}="${name}" content="${content}">
% endfor
<link rel="alternate" type="application/json+oembed" href="${card.oembed}" title="${file.heading}">
<script type="module" src="${page.static('js/preview.js')}"></script>
% if preview.script:
<script type="module" src="${page.static(f'js/{preview.script}.js')}"></script>
% endif
</%block>
<%block name="bar">
<a class="quiet" href="${page.home}">${icons.icon("upload")}<span>${_("Share a file")}</span></a>
</%block>
<article class="file" data-kind="${preview.kind}">
  <script type="application/json" data-file>${page.json(described)}</script>
  <header class="file-head">
    <h1 class="wrap"><bdi>${file.heading}</bdi></h1>
    <p class="facts-line">
      <span>${page.size(file.size)}</span>
% if file.width:
      <span>${file.width} × ${file.height}</span>
% elif preview.sides[0]:
      <span>${preview.sides[0]} × ${preview.sides[1]}</span>
% endif
% if preview.length:
      <span>${page.playing_time(preview.length)}</span>
% endif
      <span dir="ltr">${page.type_name(file.mimetype) if file.mimetype == "image/svg+xml" else preview.type_name or page.type_name(file.mimetype)}</span>
      ${page.time(file.uploadtime)}
      ${parts.terms_facts()}
    </p>
% for notice in notices:
    <p class="notice" role="status">${_(NOTICES.get(notice, notice))}</p>
% endfor
% if is_damaged:
    <p class="notice">${_("This file is slightly damaged. Parts of it may be missing here.")}</p>
% endif
    ${parts.removed_data(removed)}
% for key in management_key:
    ${parts.management(request.address("m", key), is_new=True)}
    ${parts.personal_data(personal, request.address("m", key))}
% endfor
  </header>

## On a phone a picture comes before its links, and the links before a text that may be long.
% if preview.is_long:
  ${share()}
  ${stage()}
  ${about()}
% elif preview.has_tools:
  ${stage()}
  <div class="beside">
    ${share()}
    ${about()}
  </div>
  <section class="file-tools" aria-label="${_('Tools')}"><%include file="tools/${preview.kind}.mako"/></section>
% else:
  ${stage()}
  ${share()}
  ${about()}
% endif
</article>

<%def name="about()">
  <section class="panel about" aria-labelledby="about">
    <h2 id="about">${_("About this file")}</h2>
    <dl>
% if file.title or len(file.filename) > 60:
      <dt>${_("Name")}</dt><dd><bdi>${file.filename}</bdi></dd>
% endif
      <dt>${_("Type")}</dt><dd dir="ltr">${file.mimetype}</dd>
      <dt>${_("Size")}</dt><dd>${plural("{number} byte", "{number} bytes", file.size)}</dd>
${parts.shot_facts(shot)}
% if file.downloads_left is None:
      <dt>MD5</dt><dd class="hash" dir="ltr">${file.md5}</dd>
      <dt>SHA-256</dt><dd class="hash" dir="ltr">${file.sha256}</dd>
% endif
    </dl>
    <p class="buttons needs-js" hidden><a class="button" data-own data-key="m">${icons.icon("sliders")}${_("Manage")}</a></p>
% if page.is_editor and (file.is_listed or file.is_off_list):
    <div class="buttons">${admin.curate(file, "file")}</div>
% endif
    <details class="fold report">
      <summary>${icons.icon("flag")}${_("Report this file")}</summary>
      <form class="fold-body" method="post" action="${page.path('p', file.filehash)}">
        <div class="field">
          <label for="reason">${_("What is wrong with it?")}</label>
          <textarea id="reason" name="report" rows="3" maxlength="1000" autocomplete="off" required></textarea>
        </div>
        <p class="buttons"><button class="button">${_("Send report")}</button></p>
      </form>
    </details>
  </section>
</%def>

<%def name="stage()">
  <div class="stage" role="group" aria-label="${_(preview.label)}">
    <%include file="previews/${preview.kind}.mako"/>
  </div>
</%def>

<%def name="share()">
  <section class="panel share-panel" aria-label="${_('Share')}">
% if file.downloads_left is None:
    <p class="buttons">
      <a class="button primary" href="${page.path('d', file.filehash)}" data-key="d" download>${icons.icon("download")}${_("Download")}</a>
% if preview.is_openable:
      <a class="button" href="${page.path('i', file.filehash)}" data-key="o">${icons.icon("open")}${_("Open")}</a>
% endif
      <button type="button" class="button only-icon" data-web-share aria-label="${_('Share…')}" hidden>${icons.icon("share")}</button>
    </p>
% endif
    ${parts.link_field("short", _("Short link"), described["url_s"], "short")}
    <div class="folds">
    ${parts.share_fields("share")}
    ${parts.qr_code()}
    </div>
  </section>
</%def>
