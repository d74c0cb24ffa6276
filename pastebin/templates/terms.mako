## The terms of a link as fields: for uploads, and to change them later.
<%namespace name="icons" file="icons.mako"/>

## When a link ends: some usual times, and with scripts any other. `first` are the options before them.
<%def name="expiry(prefix, first, has_script=True)">\
<div class="field" data-expiry data-longest="${page.longest_lifetime or ''}">
  <label for="${prefix}-expires">${_("Expires")}</label>
  <select id="${prefix}-expires" name="expires" autocomplete="off">
% for value, label in (*first, *((value, _("After {duration}", duration=duration)) for value, duration in page.lifetimes)):
    <option value="${value}">${label}</option>
% endfor
  </select>
% if has_script:
  <div class="custom" role="group" aria-label="${_('Custom time')}" data-custom data-label="${_('Custom…')}" hidden>
    <input type="number" value="3" min="1" max="999" inputmode="numeric" autocomplete="off" aria-label="${_('Number')}">
    <select autocomplete="off" aria-label="${_('Unit')}">
% for unit, name in (("m", _("minutes")), ("h", _("hours")), ("d", _("days")), ("w", _("weeks"))):
      <option value="${unit}"${' selected' if unit == 'd' else ''}>${name}</option>
% endfor
    </select>
  </div>
% endif
</div>
</%def>

## What a link does if nobody says when it ends.
<%def name="forever()"><% return _("After {duration} (default)", duration=page.default_lifetime) if page.default_lifetime else _("Never") %></%def>

<%def name="password(id, label, autocomplete='new-password', is_wrong=False, is_required=False, has_script=True, is_first=True)">\
<div class="field">
  <label for="${id}">${label}</label>
  <div class="joined">
    <input id="${id}" name="password" type="password" maxlength="1024" autocomplete="${autocomplete}"${' required' if is_required else ''}${' autofocus' if is_required and is_first else ''}${' aria-invalid="true" aria-describedby="wrong"' if is_wrong else '' | n}>
% if has_script:
    <button type="button" class="button needs-js" data-reveal="${id}" aria-pressed="false" aria-label="${_('Show the password')}">${icons.icon("eye")}</button>
% endif
  </div>
</div>
</%def>

## Terms as they are, to be changed.
<%def name="title(now, placeholder='')">\
<div class="field">
  <label for="title">${_("Title")}</label>
  <input id="title" name="title" type="text" maxlength="200" autocomplete="off" value="${now or ''}" placeholder="${placeholder}">
</div>
</%def>

## What is shown goes along, so that a download taken meanwhile is not undone.
<%def name="downloads_left(now)">\
<div class="field">
  <label for="downloads">${_("Downloads left")}</label>
  <input type="hidden" name="shown_downloads" value="${'' if now is None else now}">
  <input id="downloads" name="downloads" type="number" min="1" max="1000000" inputmode="numeric" autocomplete="off" value="${'' if now is None else now}" placeholder="${_('Unlimited')}">
</div>
</%def>

<%def name="new_password(now)">\
${password("new-password", _("New password") if now else _("Password"))}
% if now:
<label class="check"><input type="checkbox" name="no_password" value="1" autocomplete="off"> ${_("Remove the password")}</label>
% endif
</%def>

## What an uploader may ask for. Scripts share one set of fields between files and texts.
<%def name="options(prefix, is_shared=False)">\
<details class="fold options"${' data-options' if is_shared else ''}>
  <summary><span>${_("Options")}</span><span class="options-set" data-options-set></span></summary>
  <div class="fold-body">
    <div class="fields">
      ${expiry(prefix, [("", forever())], is_shared)}
      <div class="field">
        <label for="${prefix}-downloads">${_("Downloads")}</label>
        <input id="${prefix}-downloads" name="downloads" type="number" min="1" max="1000000" inputmode="numeric" autocomplete="off" placeholder="${_('Unlimited')}">
      </div>
      ${password(prefix + "-password", _("Password"), has_script=is_shared)}
% if is_shared:
      <div class="field" data-title-field>
        <label for="${prefix}-title">${_("Title")}</label>
        <input id="${prefix}-title" name="title" type="text" maxlength="200" autocomplete="off" placeholder="${_('The file name')}">
      </div>
% endif
    </div>
    <label class="check"><input type="checkbox" name="strip" value="1" autocomplete="off"> ${_("Remove position, camera and other data from pictures")}</label>
% if page.has_latest:
    <label class="check"><input type="checkbox" name="visibility" value="unlisted" autocomplete="off"> ${_("Don't show on Latest")}</label>
% endif
% if page.account:
    <label class="check"><input type="checkbox" name="visibility" value="private" autocomplete="off"> ${_("Private: only you see it")}</label>
% endif
  </div>
</details>
</%def>
