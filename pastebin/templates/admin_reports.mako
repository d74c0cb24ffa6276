## What visitors have said against files, the oldest first.
<%inherit file="layout.mako"/>
<%namespace name="admin" file="admin_parts.mako"/>
<%block name="title">${_("Reports")} · ${_("Administration")}</%block>
<%block name="head">${admin.head()}</%block>
${admin.places("reports")}
<div class="charge">
  <h1>${_("Reports")}</h1>
  ${admin.said(notices)}
% if reports.items:
  <ul class="rows">
% for one in reports.items:
    <li>
      <div class="grow">
        <a class="wrap" href="${page.home}admin/files/${one.file.filehash}"><bdi>${one.file.heading}</bdi></a>
        <p class="wrap"><bdi>${one.reason}</bdi></p>
        <p class="hint">${page.time(one.moment)}</p>
      </div>
      ${admin.act("close-reports", _("Close"), {"from": "reports"}, about=one.file.heading, place=f"{page.home}admin/files/{one.file.filehash}")}
    </li>
% endfor
  </ul>
% else:
  <p class="plain-card">${_("No report waits for anybody.")}</p>
% endif
  ${admin.pages(reports)}
</div>
