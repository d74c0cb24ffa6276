## A larger look at pictures, which a script opens.
<%namespace name="icons" file="icons.mako"/>

<%!
from pastebin.media import types as media

# A picture with longer sides is seen smaller first.
SHOWN = 1920
%>

<%def name="dialog(name='', is_several=False)">
<dialog class="zoomed" data-zoomed aria-label="${name}">
  <div class="zoomed-view" data-zoomed-view tabindex="0" role="region" aria-label="${_('Image. Plus and minus zoom, arrow keys move.')}"></div>
% if is_several:
  <button type="button" class="button zoomed-step" data-zoom-step="-1" aria-label="${_('Previous picture')}">‹</button>
  <button type="button" class="button zoomed-step" data-zoom-step="1" aria-label="${_('Next picture')}">›</button>
% endif
  <p class="zoomed-bar">
    <button type="button" class="button" data-zoom-by="-1" aria-label="${_('Smaller')}">−</button>
    <button type="button" class="button" data-zoom-by="0">${_("Fit")}</button>
    <button type="button" class="button" data-zoom-full>100 %</button>
    <button type="button" class="button" data-zoom-by="1" aria-label="${_('Larger')}">+</button>
    <output data-zoom-level></output>
% if is_several:
    <a class="button" data-zoom-page href="">${icons.icon("eye")}${_("Page")}</a>
% endif
    <button type="button" class="button" data-zoom-close>${icons.icon("close")}<span>${_("Close")}</span></button>
  </p>
</dialog>
</%def>

## The button of a picture in a list.
<%def name="button(file, name)">
<%
source = page.path("i", file.filehash)
is_native = not media.is_foreign(file.mimetype)
is_large = max(file.width, file.height) > SHOWN
small = f"{source}?format=webp&w={SHOWN}&h={SHOWN}&fit=contain" if is_large or not is_native else None
%>
<button type="button" class="tile-zoom needs-js" data-zoom-picture${f' data-small="{small}"'.replace("&", "&amp;") if small else '' | n}${f' data-original="{source}"' if is_native else '' | n} data-width="${file.width}" data-height="${file.height}" data-name="${name}" data-page="${page.path('p', file.filehash)}" aria-label="${_('Zoom')}: ${name}">${icons.icon("zoom")}</button>
</%def>
