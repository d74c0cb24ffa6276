## A sound in the browser's own player, which seeks by ranges.
<%namespace name="icons" file="../icons.mako"/>
<div class="plain-card sound">
  <p class="sound-name">${icons.icon("audio")}<bdi class="wrap">${file.heading}</bdi></p>
  <audio class="player" src="${page.path('i', file.filehash)}" controls preload="metadata" aria-label="${file.filename}"></audio>
</div>
<p class="hint" data-unplayable hidden>${_("This browser cannot play this file. It can still be downloaded.")}</p>
