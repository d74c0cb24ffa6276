## What administrators switch.
<%inherit file="layout.mako"/>
<%namespace name="admin" file="admin_parts.mako"/>
<%
FLAGS = {
    "read-only": (_("Read-only"), _("Nothing can be changed: no uploads, no changes by management addresses, no reports. Operators and the service's own upkeep go on.")),
    "no-uploads": (_("No uploads"), _("Nothing can be uploaded. What is here stays and can be changed.")),
    "no-signup": (_("No sign-up"), _("Nobody can make an account.")),
}
%>
<%block name="title">${_("Switches")} · ${_("Administration")}</%block>
<%block name="head">${admin.head()}</%block>
${admin.places("flags")}
<div class="charge">
  <h1>${_("Switches")}</h1>
  ${admin.said(notices)}
  <ul class="rows">
% for name, (label, hint) in FLAGS.items():
    <li>
      <div class="grow">
        <strong>${label}</strong> <span class="state">${_("On") if name in on else _("Off")}</span>
        <p class="hint">${hint}</p>
      </div>
% if name in on:
      ${admin.act("off", _("Switch off"), {"flag": name}, about=label)}
% else:
      ${admin.act("on", _("Switch on"), {"flag": name}, danger=True, about=label)}
% endif
    </li>
% endfor
  </ul>
</div>
