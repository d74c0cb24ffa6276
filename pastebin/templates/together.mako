## One link for several uploads of the page; a script shows it.
<%namespace name="icons" file="icons.mako"/>
<%namespace name="parts" file="parts.mako"/>

<%def name="panel()">
<div class="together" data-together data-address="${page.home}c" hidden>
  <p class="buttons"><button type="button" class="button" data-together-make>${icons.icon("link")}${_("One link for all")}</button> <span class="hint" role="status" data-together-status></span></p>
  <div class="panel" data-together-result hidden>
    <div data-together-url_c>${parts.copy_field("together-link", _("Link to all"), "")}</div>
    <div data-together-url_m>${parts.copy_field("together-manage", _("Management address: keep it, it is told only once"), "")}</div>
    <p class="buttons"><a class="button primary" data-together-show>${_("Show the page")}</a> <a class="button" data-together-manage>${_("Manage")}</a></p>
  </div>
</div>
</%def>
