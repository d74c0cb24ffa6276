## Where operators and administrators begin.
<%inherit file="layout.mako"/>
<%namespace name="admin" file="admin_parts.mako"/>
<%block name="title">${_("Administration")} · ${brand.site_name}</%block>
<%block name="head">${admin.head()}</%block>
${admin.places("")}
<div class="charge">
  <h1>${_("Administration")}</h1>
% if on:
  <p class="notice" role="status">${_("Switched on: {flags}.", flags=page.listed(sorted(on)))}</p>
% endif
  <section class="panel" aria-labelledby="waiting">
    <h2 id="waiting">${_("Reports")}</h2>
    <p>${plural("{number} report waits for somebody.", "{number} reports wait for somebody.", open_reports) if open_reports else _("No report waits for anybody.")}</p>
    <p class="buttons"><a class="button" href="${page.home}admin/reports">${_("Look at the reports")}</a></p>
  </section>
  <section class="panel" aria-labelledby="finding">
    <h2 id="finding">${_("Find a file")}</h2>
    <form class="finding" method="get" action="${page.home}admin/files" role="search">
      <div class="field grow">
        <label for="q">${_("Search")}</label>
        <input id="q" name="q" type="search" maxlength="400" placeholder="${_('Name, address, short code or SHA-256')}">
      </div>
      <button class="button">${_("Show")}</button>
    </form>
  </section>
</div>
