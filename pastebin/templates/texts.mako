## Texts with numbered lines that links can point at.
<%namespace name="icons" file="icons.mako"/>

<%def name="toolbar(text)">
<p class="tools">
  <span class="hint">${f"{text.language} · " if text.language else ""}${plural("{number} line", "{number} lines", text.line_count)}</span>
  <button type="button" class="quiet needs-js" data-wrap-lines aria-pressed="false">${icons.icon("wrap")}${_("Wrap")}</button>
  <button type="button" class="quiet needs-js" data-copy-text="${page.path('i', file.filehash)}" data-charset="${text.encoding}">${icons.icon("copy")}${_("Copy text")}</button>
  <a class="quiet" href="${page.path('i', file.filehash)}">${icons.icon("text")}${_("Raw")}</a>
</p>
</%def>

<%def name="numbered(text)">
% if text.is_plain:
<p class="hint">${_("This text is too intricate for more, so it is shown plain.")}</p>
% endif
<div class="code" tabindex="0" role="region" aria-label="${_('Text')}" data-code dir="ltr"><pre>${page.lines(text.lines)}</pre></div>
% if not text.is_whole:
${cut_off(text)}
% endif
</%def>

<%def name="cut_off(text)">
<p class="hint">${_("The first {shown} of {size}.", shown=page.size(text.shown), size=page.size(text.size))} <a href="${page.path('i', file.filehash)}">${_("Open the whole text")}</a></p>
</%def>

## Which encoding a text is shown in, and the choice of another one.
<%def name="encoding(chosen)">
<details class="fold encoding">
  <summary>${_("Encoding")}: <bdi>${chosen}</bdi></summary>
  <form class="fold-body" method="get" action="${page.path('p', file.filehash)}">
    <div class="field">
      <label for="encoding">${_("Read the text as")}</label>
      <select id="encoding" name="encoding" autocomplete="off">
% for name in charsets:
        <option${" selected" if name == chosen else ""}>${name}</option>
% endfor
      </select>
    </div>
    <p class="buttons"><button class="button">${_("Show")}</button></p>
  </form>
</details>
</%def>
