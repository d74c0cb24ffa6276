## A file whose downloads are counted: what it costs to look, and the button.
<%namespace name="icons" file="/icons.mako"/>
<div class="limited">
  <p>${plural("{number} download left.", "{number} downloads left.", file.downloads_left)}
  ${_("The download starts when you press the button.")}</p>
  <form method="post" action="${page.path('d', file.filehash)}">
    <button class="button primary">${icons.icon("download")}${_("Download")}</button>
  </form>
</div>
