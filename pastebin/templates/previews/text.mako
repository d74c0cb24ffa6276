## A text, line by line.
<%namespace name="texts" file="../texts.mako"/>
<%namespace name="parts" file="../parts.mako"/>
% if file.mimetype == "image/svg+xml":
${parts.drawn(file)}
% endif
${texts.toolbar(preview)}
${texts.numbered(preview)}
${texts.comparing()}
${texts.encoding(preview.encoding)}
