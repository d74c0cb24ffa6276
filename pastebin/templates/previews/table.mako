## Rows and columns.
<%namespace name="texts" file="../texts.mako"/>
<p class="tools"><span class="hint">${plural("{number} row", "{number} rows", preview.shown)}</span></p>
<div class="scroll" tabindex="0" role="region" aria-label="${file.filename}">
<table class="data">
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
% if not preview.is_whole:
<p class="hint">${plural("This is the first row.", "These are the first {number} rows.", preview.shown)} <a href="${page.path('i', file.filehash)}">${_("Open the whole table as text")}</a></p>
% endif
${texts.encoding(preview.encoding)}
