## Pieces that several pages use.
<%namespace name="icons" file="icons.mako"/>
<%!
def N_(text):
    """Mark a message for the catalogues."""
    return text

KINDS = {
    "position": N_("the position"),
    "camera": N_("the camera"),
    "time": N_("the time"),
    "author": N_("the author"),
    "text": N_("comments"),
    "software": N_("the software"),
    "preview": N_("a small preview"),
    "other": N_("other data"),
}
%>

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

## A picture of a file that is no image, in a frame that has its size before it comes.
<%def name="drawn(file)">\
<figure class="drawn"><img src="${page.path('t', file.filehash)}?size=large" alt="${file.filename}"></figure>
</%def>

## A link to pass on: host and code, of which the code stays whole, with a button that copies all of it.
<%def name="link_field(id, label, address, name='')">\
<%
host, slash, rest = address.partition("://")[2].partition("/")
%>\
<div class="copy">
  <span class="label" id="${id}-label">${label}</span>
  <div class="copy-row">
    <a class="copy-link" id="${id}" href="${address}" dir="ltr" aria-labelledby="${id}-label ${id}" data-copy-value${f' data-share="{name}"' if name else '' | n}><span>${host}</span><wbr><span class="link-code">${slash}${rest}</span></a>
    <button type="button" class="needs-js" data-copy${' data-key="c"' if id == 'short' else '' | n} aria-label="${_('Copy')}: ${label}">${icons.icon("copy")}<span>${_("Copy")}</span></button>
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

## What limits a link, in a line of facts.
<%def name="terms_facts()">\
% if file.expires:
<span class="fact">${icons.icon("clock")}<span>${_("Expires on")} ${page.time(file.expires)}</span></span>
% endif
% if file.downloads_left is not None:
<span class="fact">${icons.icon("download")}${plural("{number} download left", "{number} downloads left", file.downloads_left)}</span>
% endif
% if file.password:
<span class="fact">${icons.icon("lock")}${_("Password")}</span>
% endif
</%def>

<%def name="qr_code()">\
<details class="fold">
  <summary>${_("QR code")}</summary>
  <div class="fold-body"><img class="qr" src="${page.path('q', file.filehash)}" alt="${_('QR code of the short link')}" width="176" height="176" loading="lazy"></div>
</details>
</%def>

## What a picture says of people besides what it shows, and the button that removes it.
<%def name="personal_data(kinds, address)">\
% if kinds:
<section class="panel" aria-labelledby="personal-title">
  <h2 id="personal-title">${_("This picture says more than it shows")}</h2>
  <p>${_("In the file there are also: {kinds}.", kinds=page.listed([_(KINDS[kind]) for kind in kinds]))}</p>
  <form method="post" action="${address}">
    <input type="hidden" name="action" value="strip">
% if page.account:
    <input type="hidden" name="csrf_token" value="${page.form_token}">
% endif
    <p class="buttons"><button class="button">${icons.icon("trash")}${_("Remove all of it")}</button></p>
  </form>
  <p class="hint">${_("The picture gets a new link, and the link that it has now ends. Pixels, colours and orientation stay.")}</p>
</section>
% endif
</%def>

<%def name="removed_data(notices)">\
% for kinds in notices:
<p class="notice" role="status">${_("Removed from the file: {kinds}.", kinds=page.listed([_(KINDS.get(kind, kind)) for kind in kinds.split(",")]))}</p>
% endfor
</%def>

## The address of a link's holder, and what it is good for.
<%def name="management(address, is_new=False)">\
<section class="panel key" aria-labelledby="management-title">
  <h2 id="management-title">${_("Management address")}</h2>
  <p class="hint">${_("Whoever has this address can change or delete the file. It is shown only once: keep it safe and share it with nobody.")}</p>
  ${copy_field("management", _("Management address"), address)}
% if is_new:
  <p class="buttons"><a class="button" href="${address}">${icons.icon("sliders")}${_("Manage")}</a></p>
% endif
</section>
</%def>

## What makes an upload of nobody one of the account that is signed in.
<%def name="claim(owner_id)">\
% if page.account and owner_id is None:
<section class="panel" aria-labelledby="claim">
  <h2 id="claim">${_("Keep in my files")}</h2>
  <p class="hint">${_("It belongs to your account from then on, and counts for what you may have.")}</p>
  <form method="post">
    <input type="hidden" name="csrf_token" value="${page.form_token}">
    <input type="hidden" name="action" value="claim">
    <p class="buttons"><button class="button">${_("Add to my files")}</button></p>
  </form>
</section>
% endif
</%def>

## How a picture was taken: camera, lens, exposure and moment, as the picture itself says.
<%def name="shot_facts(shot)">\
<%
exposure = shot.exposure and ("1/" + page.number(round(1 / shot.exposure)) if shot.exposure < 0.3 else page.number(round(shot.exposure, 1)))
exposed = [
    f"{exposure} s" if exposure else "",
    f"f/{page.number(round(shot.aperture, 1))}" if shot.aperture else "",
    f"ISO {round(shot.iso)}" if shot.iso else "",
    f"{page.number(round(shot.focal_length, 1))} mm" if shot.focal_length else "",
]
%>\
% for label, value in ((_("Camera"), shot.camera), (_("Lens"), shot.lens), (_("Exposure"), " · ".join(filter(None, exposed)))):
% if value:
      <dt>${label}</dt><dd><bdi>${value}</bdi></dd>
% endif
% endfor
% if shot.taken:
      <dt>${_("Taken")}</dt><dd>${page.clock(shot.taken)}</dd>
% endif
</%def>
