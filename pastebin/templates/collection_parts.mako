## Pieces that the pages of a collection share.
<%namespace name="icons" file="icons.mako"/>
<%!
ICONS = {"video": "image", "audio": "file", "pdf": "text"}
%>

## What a file looks like, in the room there is for it; of a limited one nothing.
<%def name="picture(file, is_shown, w, h)">\
% if file.width and is_shown:
<img src="${page.path('i', file.filehash)}?w=${w}&amp;h=${h}&amp;fit=crop" alt="" loading="lazy">\
% elif is_shown and w >= 100:
<img src="${page.path('t', file.filehash)}" alt="" loading="lazy">\
% else:
${icons.icon("text" if file.is_text else ICONS.get(file.kind, "image" if file.width else "file"))}\
% endif
</%def>

<%def name="path(text)"><%
folder, slash, name = text.rpartition("/")
%><bdi class="wrap">\
% if folder:
<span class="folder">${folder}/</span>\
% endif
${name}</bdi></%def>
