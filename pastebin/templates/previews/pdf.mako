## A PDF in the browser's own viewer; a link where there is none, as on most phones.
<iframe class="pdf" src="${page.path('i', file.filehash)}#navpanes=0&amp;view=FitH" title="${file.filename}"></iframe>
<p class="hint">${_("No pages here?")} <a href="${page.path('i', file.filehash)}">${_("Open the PDF by itself")}</a></p>
