## A file's page: the best look at it that a browser can give, its links, what is known about it.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="parts" file="parts.mako"/>
<%block name="title">${file.filename} · ${brand.site_name}</%block>
<%block name="head">
% for attribute, name, content in card.meta:
<meta ${attribute}="${name}" content="${content}">
% endfor
<link rel="alternate" type="application/json+oembed" href="${card.oembed}" title="${file.filename}">
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
    <h1 class="wrap"><bdi>${file.filename}</bdi></h1>
    <p class="facts-line">
      <span>${page.size(file.size)}</span>
% if file.width:
      <span>${page.number(file.width)} × ${page.number(file.height)}</span>
% endif
      <span dir="ltr">${file.mimetype}</span>
      ${page.time(file.uploadtime)}
    </p>
% for notice in notices:
    <p class="notice" role="status">${_("Your file is here.") if notice == "created" else _("This file was already here, under the same link.")}</p>
% endfor
  </header>

## On a phone a picture comes before its links, and the links before a text that may be long.
% if preview.is_long:
  ${share()}
  ${stage()}
% else:
  ${stage()}
  ${share()}
% endif

  <section class="panel about" aria-labelledby="about">
    <h2 id="about">${_("About this file")}</h2>
    <dl>
      <dt>${_("Type")}</dt><dd dir="ltr">${file.mimetype}</dd>
      <dt>${_("Size")}</dt><dd>${plural("{number} byte", "{number} bytes", file.size)}</dd>
      <dt>MD5</dt><dd class="hash" dir="ltr">${file.md5}</dd>
      <dt>SHA-256</dt><dd class="hash" dir="ltr">${file.sha256}</dd>
    </dl>
  </section>
</article>

<%def name="stage()">
  <div class="stage" role="group" aria-label="${_(preview.label)}">
    <%include file="previews/${preview.kind}.mako"/>
  </div>
</%def>

<%def name="share()">
  <section class="panel share-panel" aria-label="${_('Share')}">
    <p class="buttons">
      <a class="button primary" href="${page.path('d', file.filehash)}" download>${icons.icon("download")}${_("Download")}</a>
      <a class="button" href="${page.path('i', file.filehash)}">${icons.icon("link")}${_("Open")}</a>
    </p>
    ${parts.copy_field("short", _("Short link"), described["url_s"], "short")}
    <div class="folds">
    ${parts.share_fields("share")}
    <details class="fold">
      <summary>${_("QR code")}</summary>
      <div class="fold-body"><img class="qr" src="${page.path('q', file.filehash)}" alt="${_('QR code of the short link')}" width="176" height="176" loading="lazy"></div>
    </details>
    </div>
  </section>
</%def>
