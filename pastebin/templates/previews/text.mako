## A text, line by line.
<%namespace name="texts" file="../texts.mako"/>
<%namespace name="parts" file="../parts.mako"/>
% if file.mimetype == "image/svg+xml":
${parts.drawn(file)}
% endif
% if file.framed_type:
<div class="switched">
  <fieldset class="segmented">
    <legend class="hidden">${_("View")}</legend>
    <label><input type="radio" name="view" value="source" checked autocomplete="off" data-source-view><span>${_("Source")}</span></label>
    <label><input type="radio" name="view" value="document" autocomplete="off"><span>${_("Page")}</span></label>
  </fieldset>
  <div class="document framed">
    <iframe src="${page.path('i', file.filehash)}?as=page" sandbox="" loading="lazy" title="${file.filename}"></iframe>
    <p class="hint">${_("Without scripts, and without anything that the page would fetch.")}</p>
  </div>
  <div class="source">
    ${texts.toolbar(preview)}
    ${texts.numbered(preview)}
  </div>
</div>
% else:
${texts.toolbar(preview)}
${texts.numbered(preview)}
% endif
${texts.picture()}
${texts.comparing()}
${texts.encoding(preview.encoding)}
