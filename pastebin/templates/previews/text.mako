## A text, line by line.
<%namespace name="texts" file="../texts.mako"/>
${texts.toolbar(preview)}
${texts.numbered(preview)}
${texts.comparing()}
${texts.encoding(preview.encoding)}
