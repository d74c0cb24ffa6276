## The words of a document, and the picture that it has of itself.
<%namespace name="parts" file="../parts.mako"/>
% if preview.has_picture:
${parts.drawn(file)}
% endif
% if preview.title or preview.author:
<p class="work"><strong><bdi>${preview.title}</bdi></strong> <bdi>${preview.author}</bdi></p>
% endif
% if preview.paragraphs:
<div class="paper prose" dir="auto">
% for paragraph in preview.paragraphs:
<p dir="auto">${paragraph}</p>
% endfor
</div>
% elif not (preview.has_picture or preview.title):
<p class="plain-card">${_("There are no words in this document.")}</p>
% endif
% if not preview.is_whole:
<p class="hint">${_("This is the beginning. Download the document to see the rest.")}</p>
% endif
