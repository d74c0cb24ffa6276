## A sound in the browser's own player, which seeks by ranges.
<%namespace name="icons" file="../icons.mako"/>
<div class="plain-card sound">
% if preview.has_cover:
  <img class="sound-cover" src="${page.path('t', file.filehash)}" alt="" width="300" height="300">
% endif
  <p class="sound-name">${icons.icon("audio")}<span><bdi class="wrap">${preview.title or file.heading}</bdi>\
% for told in filter(None, (preview.artist, preview.album)):
<br><bdi class="wrap hint">${told}</bdi>\
% endfor
</span></p>
  <audio class="player" src="${page.path('i', file.filehash)}" controls preload="metadata" aria-label="${file.filename}"></audio>
</div>
<p class="hint" data-unplayable hidden>${_("This browser cannot play this file. It can still be downloaded.")}</p>
