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
<table class="data${' steady' if preview.is_small else ''}" data-sortable data-ascending="${_('Sorted by {name}, ascending')}" data-descending="${_('Sorted by {name}, descending')}">
<thead><tr>\
% for number, cell in enumerate(preview.header, 1):
<%
is_now = arrangement.column == number
address = f"?sort={number}" + ("&order=down" if is_now and not arrangement.is_down else "")
label = "" if cell.strip() else _("Column {number}", number=number)
%>\
<th scope="col"${(' aria-sort="descending"' if arrangement.is_down else ' aria-sort="ascending"') if is_now else '' | n}><a href="${address}" rel="nofollow"${f' aria-label="{label}"' if label else '' | n}>${cell}</a></th>\
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
