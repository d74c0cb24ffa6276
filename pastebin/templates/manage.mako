## A link, for who holds it: its addresses, its terms to change, its end.
<%inherit file="layout.mako"/>
<%namespace name="icons" file="icons.mako"/>
<%namespace name="parts" file="parts.mako"/>
<%block name="title">${_("Manage")} ${file.heading} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
</%block>
<article class="file">
  <header class="file-head">
    <h1 class="wrap"><bdi>${file.heading}</bdi></h1>
    <p class="facts-line"><span>${page.size(file.size)}</span> ${page.time(file.uploadtime)}</p>
% for notice in notices:
    <p class="notice" role="status">${_("Saved.")}</p>
% endfor
  </header>
  <section class="panel" aria-labelledby="addresses">
    <h2 id="addresses">${_("Addresses")}</h2>
    ${parts.copy_field("short", _("Short link"), described["url_s"])}
    ${parts.copy_field("manage", _("Management address: keep it, it is told only once"), described["url_m"])}
    <p class="buttons"><a class="button" href="${page.path('p', file.filehash)}">${_("Show the page")}</a></p>
  </section>
  <section class="panel" aria-labelledby="terms">
    <h2 id="terms">${_("Terms")}</h2>
    <form class="stack" method="post">
      <input type="hidden" name="action" value="change">
      <label for="title">${_("Title")}</label>
      <input id="title" name="title" maxlength="200" value="${file.title or ''}">
      <label for="expires">${_("Expires in")}</label>
      <select id="expires" name="expires">
        <option value="">${_("No change") if file.expires else _("Never")}</option>
% for value, label in (("1h", _("1 hour")), ("1d", _("1 day")), ("7d", _("1 week")), ("4w", _("4 weeks"))):
        <option value="${value}">${label}</option>
% endfor
% if file.expires:
        <option value="never">${_("Never")}</option>
% endif
      </select>
% if file.expires:
      <p class="hint">${_("Now:")} ${page.time(file.expires)}</p>
% endif
      <label for="downloads">${_("Downloads left")}</label>
      <input id="downloads" name="downloads" type="number" min="1" max="1000000" value="${'' if file.downloads_left is None else file.downloads_left}">
      <label for="password">${_("New password")}</label>
      <input id="password" name="password" type="password" autocomplete="new-password" maxlength="1024">
% if file.password:
      <label><input type="checkbox" name="no_password" value="1"> ${_("Remove the password")}</label>
% endif
      <button class="button primary">${_("Save")}</button>
    </form>
  </section>
  <section class="panel" aria-labelledby="end">
    <h2 id="end">${_("Delete")}</h2>
    <form method="post">
      <input type="hidden" name="action" value="delete">
      <p>${_("The link stops working at once, for everybody. This cannot be undone.")}</p>
      <button class="button danger">${_("Delete")}</button>
    </form>
  </section>
</article>
