<!doctype html><title>${file.filename}</title><h1>${file.filename}</h1>
% if text:
% for line in text.lines:
<pre>${line | n}</pre>
% endfor
% endif
