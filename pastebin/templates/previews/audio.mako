## A sound in the browser's own player, which seeks by ranges.
<audio class="player" src="${page.path('i', file.filehash)}" controls preload="metadata" aria-label="${file.filename}"></audio>
<p class="hint" data-unplayable hidden>${_("This browser cannot play this file. It can still be downloaded.")}</p>
