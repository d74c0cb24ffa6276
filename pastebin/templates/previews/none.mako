## A file with nothing to show.
<%namespace name="icons" file="../icons.mako"/>
<div class="plain-card">
  ${icons.icon("file")}
  <p>${_("This file is empty.") if not file.size else _("There is no preview for this kind of file.")}</p>
</div>
