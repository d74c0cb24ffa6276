## Who is told what happens, and what became of it.
<%inherit file="layout.mako"/>
<%namespace name="admin" file="admin_parts.mako"/>
<%namespace name="own" file="account_parts.mako"/>
<%namespace name="parts" file="parts.mako"/>
<%
KIND_WORDS = {"json": _("JSON, signed"), "discord": "Discord", "slack": "Slack", "matrix": "Matrix"}
%>
<%block name="title">${_("Webhooks")} · ${_("Administration")}</%block>
<%block name="head">${admin.head()}</%block>
${admin.places("webhooks")}
<div class="charge">
  <h1>${_("Webhooks")}</h1>
  ${admin.said(notices)}
% if secret:
  <section class="panel key" aria-labelledby="made">
    <h2 id="made">${_("New webhook")}</h2>
    <p class="hint">${_("The receiver checks with this secret who has sent something. It is shown only once.")}</p>
    ${parts.copy_field("webhook-secret", _("Secret"), secret)}
  </section>
% endif
% if webhooks:
  <ul class="rows">
% for one in webhooks:
    <li>
      <div class="grow">
        <strong class="wrap"><bdi>${one.url}</bdi></strong>
        <p class="facts-line">
          <span>${_("Webhook {number}", number=one.id)}</span>
          <span>${KIND_WORDS[one.kind]}</span>
          <span>${", ".join(one.events) or _("Everything")}</span>
        </p>
      </div>
      ${admin.act("try", _("Try"), {"number": one.id}, about=str(one.id))}
      ${admin.act("remove", _("Remove"), {"number": one.id}, danger=True, about=str(one.id))}
    </li>
% endfor
  </ul>
% endif
  <section class="panel" aria-labelledby="new">
    <h2 id="new">${_("Add a webhook")}</h2>
    <form class="stack" method="post">
      ${own.form_fields("add")}
      <div class="fields">
        <div class="field">
          <label for="url">${_("Address")}</label>
          <input id="url" name="url" type="text" inputmode="url" required maxlength="2000" autocomplete="off" spellcheck="false" placeholder="https://">
        </div>
        <div class="field">
          <label for="kind">${_("Form")}</label>
          <select id="kind" name="kind" autocomplete="off">
% for kind in kinds:
            <option value="${kind}">${KIND_WORDS[kind]}</option>
% endfor
          </select>
        </div>
      </div>
      <div class="field">
        <label for="token">${_("Access token (Matrix only)")}</label>
        <input id="token" name="token" type="text" maxlength="500" autocomplete="off" spellcheck="false">
      </div>
      <fieldset class="checks">
        <legend>${_("Events; none chosen means all")}</legend>
% for name in events:
        <label class="check"><input type="checkbox" name="event" value="${name}" autocomplete="off"> <code>${name}</code></label>
% endfor
      </fieldset>
      <p class="buttons"><button class="button primary">${_("Add")}</button></p>
    </form>
  </section>
% if jobs:
  <section class="panel" aria-labelledby="log">
    <h2 id="log">${_("Deliveries")}</h2>
    <div class="scroll" tabindex="0" role="group" aria-labelledby="log">
    <table class="plain">
      <thead><tr><th scope="col">${_("When")}</th><th scope="col">${_("Webhook")}</th><th scope="col">${_("What")}</th><th scope="col">${_("State")}</th><th scope="col"><span class="hidden">${_("Send again")}</span></th></tr></thead>
      <tbody>
% for job in jobs:
        <tr>
          <td>${page.time(job.created)}</td>
          <td>${job.webhook_id}</td>
          <td><code>${job.event}</code></td>
          <td class="wrap">\
% if job.done:
${_("Delivered")}\
% elif job.due and not job.tries:
${_("Waiting")}\
% elif job.due:
${_("Tried again at")} ${page.time(job.due)}\
% else:
${_("Given up")}\
% endif
% if job.fault:
 · <span lang="en">${job.fault}</span>\
% endif
</td>
          <td>\
% if job.can_be_repeated and (job.done or job.tries):
${admin.act("again", _("Send again"), {"number": job.id}, about=str(job.id))}\
% endif
</td>
        </tr>
% endfor
      </tbody>
    </table>
    </div>
  </section>
% endif
</div>
