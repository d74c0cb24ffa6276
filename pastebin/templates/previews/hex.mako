## The first bytes of a file that nothing else can show.
<%namespace name="icons" file="../icons.mako"/>
<div class="plain-card">
  ${icons.icon("file")}
  <p>${_("There is no preview for this kind of file, but here is how it begins.")}</p>
</div>
<pre class="scroll hex" tabindex="0" role="region" aria-label="${_('First bytes')}" dir="ltr">${"\n".join(preview.lines)}</pre>
% if not preview.is_whole:
<p class="hint">${_("The first {shown} of {size}.", shown=page.size(preview.shown), size=page.size(preview.size))}</p>
% endif
