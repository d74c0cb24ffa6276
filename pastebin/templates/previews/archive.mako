## What is in an archive, as the archive itself says.
<%namespace name="icons" file="../icons.mako"/>
<p class="tools"><span class="hint">${preview.format}\
% if arrangement.words and preview.total is not None:
 · ${plural("{shown} of {number} entry", "{shown} of {number} entries", preview.total, shown=page.number(len(preview.entries)))}\
% elif preview.total is not None:
 · ${plural("{number} entry", "{number} entries", preview.total)}\
% endif
</span></p>
% if len(preview.entries) > 20 or arrangement.words:
<form class="archive-search" method="get" role="search" data-archive-search>
  <label class="hidden" for="archive-search">${_("Search this archive")}</label>
  <input id="archive-search" name="q" type="text" maxlength="200" autocomplete="off" value="${arrangement.words}" placeholder="${_('Search this archive')}">
  <button class="button no-js">${_("Search")}</button>
</form>
% endif
% if preview.entries or arrangement.words:
<div class="scroll" tabindex="0" role="region" aria-label="${_('Contents of the archive')}">
<table class="data listing" data-archive-entries>
<thead><tr><th scope="col">${_("Name")}</th><th scope="col" class="number">${_("Size")}</th><th scope="col">${_("Changed")}</th></tr></thead>
% for start in range(0, len(preview.entries), 50):
<tbody>
% for entry in preview.entries[start : start + 50]:
<tr><td>${icons.icon("folder" if entry.is_folder else "file")}\
% if entry.is_folder:
<bdi>${entry.name}</bdi>\
% else:
<a href="${page.path('d', file.filehash)}?entry=${entry.number}" rel="nofollow" download><bdi>${entry.name}</bdi></a>\
% endif
</td><td class="number">${"" if entry.is_folder else page.size(entry.size)}</td><td>${page.date(entry.modified) if entry.modified else ""}</td></tr>
% endfor
</tbody>
% endfor
</table>
</div>
% if not preview.entries:
<p class="hint">${_("No entry matches.")} <a href="${page.path('p', file.filehash)}">${_("Show all")}</a></p>
% endif
% else:
<p class="plain-card">${_("There is nothing in this archive.")}</p>
% endif
% if arrangement.words and not preview.is_whole:
<p class="hint">${_("Only the first entries of this archive were searched.")}</p>
% elif not preview.is_whole:
<p class="hint">${plural("This is the first entry.", "These are the first {number} entries.", len(preview.entries))} ${_("Download the archive to see the rest.")}</p>
% endif
