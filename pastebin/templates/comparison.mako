## What differs between two texts, line by line.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="texts" file="texts.mako"/>
<%block name="title">${old.filename} → ${new.filename} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="${page.static('css/file.css')}">
% if preview.language:
<script type="module" src="${page.static('js/lines.js')}"></script>
% endif
</%block>
<%block name="bar">
<a class="quiet" href="${page.home}">${icons.icon("upload")}<span>${_("Share a file")}</span></a>
</%block>
<article class="file" data-kind="comparison">
  <header class="file-head">
    <h1 class="wrap">${_("Comparison")}</h1>
    <p class="facts-line"><a href="${page.path('p', old.filehash)}"><bdi>${old.heading}</bdi></a> → <a href="${page.path('p', new.filehash)}"><bdi>${new.heading}</bdi></a></p>
  </header>
  <div class="stage">
% if preview.language:
    <p class="tools">
      <span class="hint">\
% if preview.is_whole:
${plural("{number} line", "{number} lines", preview.line_count)}\
% else:
${_("Only the beginning of these texts is compared.")}\
% endif
</span>
      ${texts.wrapping()}
      <a class="quiet" href="${page.path('p', new.filehash)}?against=${old.filehash}">${icons.icon("compare")}${_("Swap the texts")}</a>
    </p>
    ${texts.lined(preview.lines, _("Differences"), True)}
% else:
    <p class="plain-card">${_("These texts are the same.")}</p>
% endif
  </div>
</article>
