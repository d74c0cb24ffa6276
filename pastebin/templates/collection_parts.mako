## Pieces that the pages of a collection share.
<%namespace name="icons" file="icons.mako"/>
<%namespace name="pictures" file="pictures.mako"/>

## What a file looks like on a wall ("grid"), in a list, or in one that is put into order; of a limited one nothing.
<%def name="picture(file, is_shown, layout, is_first=False)">\
% if file.width and is_shown:
${pictures.tile(file, layout, is_first)}\
% elif is_shown and layout != "order":
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
