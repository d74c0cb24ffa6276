## Who did what, the newest first.
<%inherit file="layout.mako"/>
<%namespace name="admin" file="admin_parts.mako"/>
<%block name="title">${_("Audit")} · ${_("Administration")}</%block>
<%block name="head">${admin.head()}</%block>
${admin.places("audit")}
<div class="charge">
  <h1>${_("Audit")}</h1>
% if acts.items:
  ${admin.acts(acts.items, names)}
% else:
  <p class="plain-card">${_("Nothing was done yet.")}</p>
% endif
  ${admin.pages(acts)}
</div>
