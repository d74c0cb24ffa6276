## Accounts, found by administrators.
<%inherit file="layout.mako"/>
<%namespace name="admin" file="admin_parts.mako"/>
<%block name="title">${_("Accounts")} · ${_("Administration")}</%block>
<%block name="head">${admin.head()}</%block>
${admin.places("users")}
<div class="charge">
  <h1>${_("Accounts")}</h1>
  <form class="finding" method="get" role="search">
    <div class="field grow">
      <label for="q">${_("Search")}</label>
      <input id="q" name="q" type="search" value="${words}" maxlength="200" placeholder="${_('Words in name or e-mail address')}">
    </div>
    <button class="button">${_("Show")}</button>
  </form>
% if users.items:
  <ul class="rows">
% for one in users.items:
    <li>
      <div class="grow">
        <a class="wrap" href="${page.home}admin/users/${one.id}"><bdi>${one.name}</bdi></a>
        <p class="facts-line">
% if one.email:
          <span class="wrap"><bdi>${one.email}</bdi></span>
% endif
          <span>${admin.roles(one.roles)}</span>
% if one.is_suspended:
          <span class="state">${_("Suspended")}</span>
% endif
        </p>
      </div>
    </li>
% endfor
  </ul>
% else:
  <p class="plain-card">${_("No accounts match.")}</p>
% endif
  ${admin.pages(users, q=words)}
</div>
