## Who did what, the newest first.
<%inherit file="layout.mako"/>
<%namespace name="admin" file="admin_parts.mako"/>
<%block name="title">${_("Audit")} · ${_("In charge")}</%block>
<%block name="head">${admin.head()}</%block>
${admin.places("audit")}
<div class="charge">
  <h1>${_("Audit")}</h1>
% if acts:
  ${admin.acts(acts, names)}
% else:
  <p class="plain-card">${_("Nothing was done yet.")}</p>
% endif
% if before:
  <nav class="pages" aria-label="${_('Pages')}"><a class="button" rel="next" href="?before=${before}">${_("Older")}</a></nav>
% endif
</div>
