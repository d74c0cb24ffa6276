## All uploads of the page: how far they are, what can be done with all of them, one link for all. Scripts show it.
<%namespace name="icons" file="icons.mako"/>
<%namespace name="parts" file="parts.mako"/>

<%def name="panel()">
<div class="batch" data-batch role="group" aria-label="${_('All uploads')}" hidden>
  <p class="batch-count" data-batch-count></p>
  <progress data-batch-progress max="1" value="0" aria-label="${_('Progress of all uploads')}"></progress>
  <p class="buttons">
    <button type="button" class="button" data-batch-copy>${icons.icon("copy")}${_("Copy all links")}</button>
    <button type="button" class="button" data-batch-clear>${_("Clear finished")}</button>
    <button type="button" class="button" data-batch-cancel>${_("Cancel all")}</button>
  </p>
</div>
<div class="together" data-together data-address="${page.home}c" hidden>
  <p class="buttons"><button type="button" class="button" data-together-make>${icons.icon("link")}${_("One link for all")}</button> <span class="hint" role="status" data-together-status></span></p>
  ${result("together")}
</div>
</%def>

## The links of a collection that was made.
<%def name="result(id)">
<div class="panel" data-together-result hidden>
  <div data-together-url_c>${parts.link_field(f"{id}-link", _("Link to all"), "")}</div>
  <div data-together-url_m>${parts.copy_field(f"{id}-manage", _("Management address: keep it, it is shown only once"), "")}</div>
  <p class="buttons"><a class="button primary" data-together-show>${_("Show the page")}</a> <a class="button" data-together-manage>${_("Manage")}</a></p>
</div>
</%def>

## Choosing what is to be under one link, in the list of what was shared from this browser. Scripts show it.
<%def name="choosing()">
<div class="together choosing" data-choosing data-address="${page.home}c" hidden>
  <p class="buttons">
    <button type="button" class="button primary" data-choosing-make disabled>${icons.icon("link")}${_("One link for all")}</button>
    <button type="button" class="button" data-choosing-end>${_("Cancel")}</button>
    <span class="hint" role="status" data-choosing-status></span>
  </p>
  ${result("chosen")}
</div>
</%def>
