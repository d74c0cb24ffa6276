## Markdown as a document and as its source.
<%namespace name="texts" file="../texts.mako"/>
<div class="switched">
  <fieldset class="segmented">
    <legend class="hidden">${_("View")}</legend>
    <label><input type="radio" name="view" value="document" checked autocomplete="off"><span>${_("Document")}</span></label>
    <label><input type="radio" name="view" value="source" autocomplete="off" data-source-view><span>${_("Source")}</span></label>
  </fieldset>
  <div class="document prose">${preview.html}</div>
  <div class="source">
    ${texts.toolbar(preview.source)}
    ${texts.numbered(preview.source)}
  </div>
% if not preview.is_whole:
  ${texts.cut_off(preview.source)}
% endif
</div>
${texts.picture()}
${texts.comparing()}
${texts.encoding(preview.source.encoding)}
