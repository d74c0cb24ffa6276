## A file whose downloads are counted: what it costs to look, and the button.
<%namespace name="icons" file="/icons.mako"/>
<form class="plain-card limited" method="post" action="${page.path('d', file.filehash)}" data-claim data-started="${_('The download has started. You can repeat it for an hour.')}">
  ${icons.icon("download")}
  <p class="limited-count" role="status" data-claim-status>\
% if has_claimed:
${_("You have downloaded this file. You can repeat it for an hour.")}\
% else:
${plural("{number} download left", "{number} downloads left", file.downloads_left)}\
% endif
</p>
% if not has_claimed:
  <p data-claim-hint>${_("The download starts when you press the button. Looking at this page costs none.")}</p>
% endif
  <button class="button primary">${icons.icon("download")}${_("Download")}</button>
</form>
