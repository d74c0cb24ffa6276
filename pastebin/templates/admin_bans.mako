## Contents that nobody may upload.
<%inherit file="layout.mako"/>
<%namespace name="admin" file="admin_parts.mako"/>
<%namespace name="own" file="account_parts.mako"/>
<%block name="title">${_("Banned contents")} · ${_("Administration")}</%block>
<%block name="head">${admin.head()}</%block>
${admin.places("bans")}
<div class="charge">
  <h1>${_("Banned contents")}</h1>
  ${admin.said(notices)}
  <section class="panel" aria-labelledby="new">
    <h2 id="new">${_("Ban a content")}</h2>
    <form class="stack" method="post">
      ${own.form_fields("ban")}
      <div class="field">
        <label for="sha256">SHA-256</label>
        <input id="sha256" name="sha256" type="text" required pattern="\s*[0-9A-Fa-f]{64}\s*" autocomplete="off" spellcheck="false">
      </div>
      <div class="field">
        <label for="reason">${_("Reason, for the audit")}</label>
        <input id="reason" name="reason" type="text" maxlength="500" autocomplete="off">
      </div>
      <p class="buttons"><button class="button danger">${_("Ban")}</button></p>
      <p class="hint">${_("These bytes are refused at every door. Links that have them stay until they are removed.")}</p>
    </form>
  </section>
% if bans.items:
  <ul class="rows">
% for one in bans.items:
    <li>
      <div class="grow">
        <code class="wrap"><a href="${page.home}admin/files?q=${one.sha256}">${one.sha256}</a></code>
        <p class="wrap"><bdi>${one.reason}</bdi></p>
        <p class="hint">${page.time(one.moment)}</p>
      </div>
      ${admin.act("unban", _("Lift"), {"sha256": one.sha256}, about=one.sha256[:12])}
    </li>
% endfor
  </ul>
% else:
  <p class="plain-card">${_("Nothing is banned.")}</p>
% endif
  ${admin.pages(bans)}
</div>
