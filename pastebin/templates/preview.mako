## A file's page: the best look at it that a browser can give, its links, what is known about it.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="parts" file="parts.mako"/>
<%block name="title">${file.filename} · pastebin</%block>
<%block name="head">
<script type="module" src="${page.static('js/preview.js')}"></script>
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
    <p class="notice" role="status">${_("Your file is here.") if notice == "created" else _("This very file was shared before: here is the same link.")}</p>
% endfor
  </header>

  <div class="stage">
    <%include file="previews/${preview.kind}.mako"/>
  </div>

  <aside class="side" aria-label="${_('Share')}">
    <p class="buttons">
      <a class="button primary" href="${page.path('d', file.filehash)}" download>${icons.icon("download")}${_("Download")}</a>
      <a class="button" href="${page.path('i', file.filehash)}">${icons.icon("link")}${_("Open directly")}</a>
    </p>
    ${parts.copy_field("short", _("Short link"), described["url_s"], "short")}
    ${parts.share_fields("share")}
    <details class="about" open>
      <summary>${_("About this file")}</summary>
      <dl>
        <dt>${_("Type")}</dt><dd dir="ltr">${file.mimetype}</dd>
        <dt>${_("Size")}</dt><dd>${plural("{number} byte", "{number} bytes", file.size)}</dd>
        <dt>MD5</dt><dd class="hash" dir="ltr">${file.md5}</dd>
        <dt>SHA-256</dt><dd class="hash" dir="ltr">${file.sha256}</dd>
      </dl>
    </details>
  </aside>
</article>
