## A video in the browser's own player, which seeks by ranges; its room has the video's sides before it comes.
<%
width, height = preview.sides
%>\
<video class="player${' tall' if height > width else ''}"${f' width="{width}" height="{height}"' if width else '' | n} src="${page.path('i', file.filehash)}" controls preload="metadata" playsinline aria-label="${file.filename}"></video>
<p class="hint" data-unplayable hidden>${_("This browser cannot play this file. It can still be downloaded.")}</p>
% if preview.title:
<p class="work"><strong><bdi>${preview.title}</bdi></strong> <bdi>${preview.artist}</bdi></p>
% endif
