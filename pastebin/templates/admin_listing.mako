## What editors keep off the list of the newest.
<%inherit file="layout.mako"/>
<%namespace name="admin" file="admin_parts.mako"/>
<%block name="title">${_("Kept off Latest")} · ${_("Administration")}</%block>
<%block name="head">${admin.head()}</%block>
${admin.places("listing")}
<div class="charge">
  <h1>${_("Kept off Latest")}</h1>
  ${admin.said(notices)}
  <p class="hint">${_("These files are not shown on Latest. Their links work as before.")}</p>
  <p class="buttons"><a class="button" href="${page.home}latest">${_("Look at Latest")}</a></p>
% if files:
  <ul class="rows">
% for file in files:
    <li>
      <div class="grow">
        <a class="wrap" href="${page.path('p', file.filehash)}"><bdi>${file.heading}</bdi></a>
        <p class="facts-line">
          <span>${page.size(file.size)}</span>
          <span>${page.type_name(file.mimetype)}</span>
          <span>${page.time(file.uploadtime)}</span>
        </p>
      </div>
      ${admin.curate(file)}
    </li>
% endfor
  </ul>
% else:
  <p class="plain-card">${_("No file is kept off Latest.")}</p>
% endif
% if older:
  <nav class="pages" aria-label="${_('Pages')}"><a class="button" rel="next" href="?before=${older}">${_("Older")}</a></nav>
% endif
</div>
