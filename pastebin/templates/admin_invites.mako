## Invites: leave to make accounts.
<%inherit file="layout.mako"/>
<%namespace name="admin" file="admin_parts.mako"/>
<%namespace name="own" file="account_parts.mako"/>
<%namespace name="parts" file="parts.mako"/>
<%block name="title">${_("Invites")} · ${_("Administration")}</%block>
<%block name="head">${admin.head()}</%block>
${admin.places("invites")}
<div class="charge">
  <h1>${_("Invites")}</h1>
  ${admin.said(notices)}
% if not is_open:
  <p class="notice">${_("Nobody can sign up here at the moment: pastebin.signup is closed.")}</p>
% endif
% if address:
  <section class="panel key" aria-labelledby="made">
    <h2 id="made">${_("New invite")}</h2>
    <p class="hint">${_("This address is shown only once. Whoever has it can make an account.")}</p>
    ${parts.copy_field("invite-address", _("Address"), address)}
  </section>
% endif
  <section class="panel" aria-labelledby="new">
    <h2 id="new">${_("Invite somebody")}</h2>
    <form class="stack" method="post">
      ${own.form_fields("create")}
      <div class="field">
        <label for="note">${_("Note")}</label>
        <input id="note" name="note" type="text" maxlength="199" autocomplete="off" placeholder="${_('Who it is for')}">
      </div>
      <div class="fields">
        <div class="field">
          <label for="uses">${_("How many accounts")}</label>
          <input id="uses" name="uses" type="number" min="1" max="100000" value="1" required autocomplete="off">
        </div>
        <div class="field">
          <label for="lifetime">${_("Expires")}</label>
          <select id="lifetime" name="lifetime" autocomplete="off">
% for value, seconds in (("1d", 86400), ("7d", 604800), ("4w", 2419200)):
            <option value="${value}"${' selected' if value == '7d' else ''}>${_("After {duration}", duration=page.duration(seconds))}</option>
% endfor
          </select>
        </div>
      </div>
      <p class="buttons"><button class="button primary">${_("Make the invite")}</button></p>
    </form>
  </section>
% if invites:
  <ul class="rows">
% for one in invites:
    <li>
      <div class="grow">
        <strong class="wrap"><bdi>${one.note or _("Invite {number}", number=one.id)}</bdi></strong>
        <p class="facts-line">
          <span>${plural("{number} account left", "{number} accounts left", one.uses_left)}</span>
          <span>${_("Expires on")} ${page.time(one.expires)}</span>
        </p>
      </div>
      ${admin.act("end", _("End"), {"invite": one.id}, danger=True, about=one.note or str(one.id))}
    </li>
% endfor
  </ul>
% endif
</div>
