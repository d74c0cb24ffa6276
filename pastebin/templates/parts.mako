## Pieces that several pages use.
<%namespace name="icons" file="icons.mako"/>

## A value in a field of its own with a button that copies it. The field works without JavaScript.
<%def name="copy_field(id, label, value, name='')">\
<div class="copy">
  <label for="${id}">${label}</label>
  <div class="copy-row">
    <input id="${id}" type="text" readonly dir="ltr" value="${value}" data-copy-value${f' data-share="{name}"' if name else '' | n}>
    <button type="button" class="needs-js" data-copy aria-label="${_('Copy')}: ${label}">${icons.icon("copy")}<span>${_("Copy")}</span></button>
  </div>
</div>
</%def>

## Every way to pass a file on; a script fills the fields from what `data-file` says.
<%def name="share_fields(prefix)">\
<details class="fold needs-js" data-share-fields>
  <summary>${_("More ways to share")}</summary>
  <div class="fold-body">
    ${copy_field(prefix + "-page", _("Page"), "", "page")}
    ${copy_field(prefix + "-direct", _("Direct link"), "", "direct")}
    ${copy_field(prefix + "-markdown", "Markdown", "", "markdown")}
    ${copy_field(prefix + "-html", "HTML", "", "html")}
    ${copy_field(prefix + "-bbcode", "BBCode", "", "bbcode")}
    ${copy_field(prefix + "-curl", "curl", "", "curl")}
    ${copy_field(prefix + "-wget", "wget", "", "wget")}
  </div>
</details>
</%def>
