## Pieces that the pages of a collection share.
<%namespace name="icons" file="icons.mako"/>
<%namespace name="pictures" file="pictures.mako"/>

## What a file looks like, in the room there is for it; of a limited one nothing.
<%def name="picture(file, is_shown, w, h)">\
% if file.width and is_shown:
${pictures.cut(file, w, h)}\
% elif is_shown and w >= 100:
<img src="${page.path('t', file.filehash)}" alt="" loading="lazy">\
% else:
${icons.kind(file)}\
% endif
</%def>

<%def name="path(text)"><%
folder, slash, name = text.rpartition("/")
%><bdi class="wrap">\
% if folder:
<span class="folder">${folder}/</span>\
% endif
${name}</bdi></%def>
