## A collection, for who holds it: the order of its files, its terms, its end.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="parts" file="parts.mako"/>
<%namespace name="terms" file="terms.mako"/>
<%namespace name="shown" file="collection_parts.mako"/>
<%
there = [item for item in items if item.file]
%>
<%block name="title">${_("Manage")} ${collection.title or _("Collection")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="${page.static('css/file.css')}">
<link rel="stylesheet" href="${page.static('css/collection.css')}">
<script type="module" src="${page.static('js/collection.js')}"></script>
<script type="module" src="${page.static('js/manage.js')}"></script>
</%block>
<article class="collected manage">
  <header class="file-head">
    <h1 class="wrap"><bdi>${collection.title or _("Collection")}</bdi></h1>
    <p class="facts-line"><span>${plural("{number} file", "{number} files", len(there))}</span> ${page.time(collection.created)}</p>
% for notice in notices:
    <p class="notice" role="status">${_("Saved.")}</p>
% endfor
  </header>
  <section class="panel" aria-labelledby="addresses">
    <h2 id="addresses">${_("Addresses")}</h2>
    ${parts.link_field("link", _("Link to all"), url_c)}
% if url_m:
    ${parts.copy_field("manage", _("Management address: keep it, it is shown only once"), url_m)}
% endif
    <p class="buttons"><a class="button" href="${page.path('c', collection.code)}">${_("Show the page")}</a></p>
  </section>
  <section class="panel" aria-labelledby="files">
    <h2 id="files">${_("Files")}</h2>
    <p class="hint needs-js" id="order-help">${_("Drag files into another order, or move one with Alt and the arrow keys.")}</p>
    <form method="post" data-order data-failed="${_('The order was not saved. Load the page again.')}" data-saved="${_('Saved.')}" data-place="${_('{name}: place {place} of {total}')}">
      ${token()}
      <ol class="order">
% for number, item in enumerate(there):
        <li data-file="${item.file.filehash}" data-path="${item.path}">
          <span class="order-picture">${shown.picture(item.file, collection.downloads_left is None and not collection.password, "order")}</span>
          <span class="order-name"><a href="${page.path('p', item.file.filehash)}">${shown.path(item.path)}</a> <span class="hint">${page.size(item.file.size)}</span></span>
          <span class="order-buttons">
            <button class="quiet" name="up" value="${number}.${item.file.filehash}" aria-label="${_('Move up: {name}', name=item.path)}"${' disabled' if number == 0 else '' | n}>↑</button>
            <button class="quiet" name="down" value="${number}.${item.file.filehash}" aria-label="${_('Move down: {name}', name=item.path)}"${' disabled' if number == len(there) - 1 else '' | n}>↓</button>
            <button class="quiet" name="remove" value="${number}.${item.file.filehash}" aria-label="${_('Take out: {name}', name=item.path)}"${' disabled' if len(there) == 1 else '' | n}>${icons.icon("close")}</button>
          </span>
        </li>
% endfor
      </ol>
    </form>
    <p class="hint">${_("A file that is taken out ends, unless you hold its own management address.")}</p>
    <form class="stack" method="post" enctype="multipart/form-data" data-add data-address="${page.home}">
      <label for="more">${_("Add files")}</label>
      <input id="more" name="file" type="file" multiple required>
      <p class="buttons no-js"><button class="button">${_("Add")}</button></p>
      <p class="hint" role="status" data-add-state></p>
    </form>
  </section>
  <section class="panel" aria-labelledby="terms">
    <h2 id="terms">${_("Terms")}</h2>
    <form class="stack" method="post">
      ${token()}
      <input type="hidden" name="action" value="change">
      <input type="hidden" name="shown_title" value="${collection.title or ''}">
      <div class="fields">
        ${terms.title(collection.title)}
        <div>
          ${terms.expiry("change", [("", _("No change")), ("never", terms.forever())] if collection.expires else [("", terms.forever())])}
% if collection.expires:
          <p class="hint">${_("Now:")} ${page.time(collection.expires)}</p>
% endif
        </div>
        ${terms.downloads_left(collection.downloads_left)}
        ${terms.new_password(collection.password)}
      </div>
      <p class="buttons"><button class="button primary">${_("Save")}</button></p>
    </form>
  </section>
  ${parts.claim(collection.owner_id)}
  <section class="panel" aria-labelledby="end">
    <h2 id="end">${_("Delete")}</h2>
    <form method="post">
      ${token()}
      <input type="hidden" name="action" value="delete">
      <p>${_("The link stops working at once, for everybody, and its files end unless you hold their own management addresses. This cannot be undone.")}</p>
      <button class="button danger">${_("Delete")}</button>
    </form>
  </section>
</article>

## What a form of who is signed in sends along.
<%def name="token()">\
% if page.account:
<input type="hidden" name="csrf_token" value="${page.form_token}">\
% endif
</%def>
