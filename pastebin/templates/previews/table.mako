## Rows and columns.
<%namespace name="texts" file="../texts.mako"/>
<p class="tools"><span class="hint">\
% if preview.sheet:
<bdi>${preview.sheet}</bdi> · ${plural("{number} sheet", "{number} sheets", preview.sheets)} · \
% endif
% if preview.is_whole:
${plural("{number} row", "{number} rows", preview.shown)}\
% else:
% if preview.total is None:
${_("First {shown} of {size}", shown=page.size(preview.read_size), size=page.size(preview.size))} · ${plural("{number} row", "{number} rows", preview.shown)}\
% elif preview.total > preview.shown:
${_("First {shown} of {total} rows", shown=page.number(preview.shown), total=page.number(preview.total))}\
% else:
${plural("{number} row", "{number} rows", preview.shown)} · ${plural("{number} column", "{number} columns", len(preview.header))}\
% endif
% if preview.encoding:
 · <a href="${page.path('i', file.filehash)}">${_("Open the whole table as text")}</a>\
% endif
% endif
</span></p>
<div class="scroll" tabindex="0" role="region" aria-label="${file.filename}">
<table class="data" data-sortable data-ascending="${_('Sorted by {name}, ascending')}" data-descending="${_('Sorted by {name}, descending')}">
<thead><tr>\
% for cell in preview.header:
<th scope="col">${cell}</th>\
% endfor
</tr></thead>
<tbody>
% for row in preview.rows:
<tr>\
% for cell in row:
<td>${cell}</td>\
% endfor
</tr>
% endfor
</tbody>
</table>
</div>
% if preview.encoding:
${texts.encoding(preview.encoding)}
% endif
