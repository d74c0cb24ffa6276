## Texts with numbered lines that links can point at.
<%namespace name="icons" file="icons.mako"/>
<%!
from pastebin.previews.text import PLAIN_SIZE
%>

## Whether long lines are wrapped, as the reader left it.
<%def name="wrapping()">\
<button type="button" class="quiet needs-js" data-key="w" data-wrap-lines aria-pressed="${'true' if page.is_wrapped else 'false'}">${icons.icon("wrap")}${_("Wrap")}</button>\
</%def>

<%def name="toolbar(text)">
<p class="tools">
  <span class="hint">${f"{text.language} · " if text.language else ""}${extent(text)}</span>
  ${wrapping()}
  <button type="button" class="quiet needs-js" data-copy-text="${page.path('i', file.filehash)}" data-charset="${text.encoding}">${icons.icon("copy")}${_("Copy text")}</button>
  <a class="quiet" data-key="r" href="${page.path('i', file.filehash)}">${icons.icon("text")}${_("Raw")}</a>
  <button type="button" class="quiet needs-js" data-key="p" data-as-picture>${icons.icon("image")}${_("As a picture")}</button>
% if file.size <= 2 * 2**20:
  <a class="quiet needs-js" data-key="e" href="${page.home}#edit=${file.filehash}">${icons.icon("edit")}${_("Edit a copy")}</a>
% endif
% if text.is_whole and file.size <= PLAIN_SIZE and text.encoding in charsets:
  <a class="quiet no-js" href="${page.path('p', file.filehash)}?edit=${text.encoding}">${icons.icon("edit")}${_("Edit a copy")}</a>
% endif
</p>
</%def>

## The text as a picture, which a script draws.
<%def name="picture()">
<dialog class="keys text-picture" data-text-picture aria-labelledby="text-picture-title">
  <h2 id="text-picture-title">${_("As a picture")}</h2>
  <p class="text-picture-view" tabindex="0" role="region" aria-labelledby="text-picture-title"><canvas width="320" height="180" role="img" aria-label="${file.filename}"></canvas></p>
  <p class="hint">${_("The marked lines, or the first 60. A click on a number marks its line, another one with Shift all between them.")}</p>
  <form class="buttons" method="dialog">
    <a class="button primary" data-text-picture-save download="${file.filename}.png">${icons.icon("download")}${_("Download")}</a>
    <button type="button" class="button" data-text-picture-copy>${icons.icon("copy")}${_("Copy")}</button>
    <button class="button">${_("Close")}</button>
    <span class="hint" role="status"></span>
  </form>
</dialog>
</%def>

## How much of a text is shown, and as what.
<%def name="extent(text)">\
% if text.is_formatted:
${plural("{number} line, shown formatted", "{number} lines, shown formatted", text.own_lines)} · <a href="?view=source">${_("Show the source")}</a>\
% elif text.is_whole:
${plural("{number} line", "{number} lines", text.line_count)}\
% else:
${_("First {shown} of {size}", shown=page.size(text.shown), size=page.size(text.size))} · ${plural("{number} line", "{number} lines", text.line_count)} · <a href="${page.path('i', file.filehash)}">${_("Open the whole text")}</a>\
% endif
% if as_source:
 · <a href="${page.path('p', file.filehash)}">${_("Show it formatted")}</a>\
% endif
</%def>

<%def name="lined(lines, label, is_diff)">\
<div class="code${' wrapped' if page.is_wrapped else ''}" tabindex="0" role="region" aria-label="${label}" data-code${' data-diff' if is_diff else '' | n} dir="ltr"><pre><code>${page.lines(lines)}</code></pre></div>\
</%def>

<%def name="numbered(text)">
% if text.is_plain:
<p class="hint">${_("This text is too complex to format, so it is shown plain.")}</p>
% endif
${lined(text.lines, _("Text"), text.language == "Diff")}
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

## The way to what differs between this text and another one.
<%def name="comparing()">
<details class="fold comparing">
  <summary>${_("Compare with another text")}</summary>
  <form class="fold-body" method="get" action="${page.path('p', file.filehash)}">
    <div class="field">
      <label for="against">${_("Link to the other text")}</label>
      <input id="against" name="against" type="text" maxlength="1000" autocomplete="off" spellcheck="false" dir="ltr" required>
    </div>
    <p class="buttons"><button class="button">${icons.icon("compare")}${_("Compare")}</button></p>
  </form>
</details>
</%def>
