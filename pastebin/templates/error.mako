## What went wrong, and what to do about it.
<%inherit file="layout.mako"/>
<%!
HEADINGS = {
    400: "That request does not make sense here",
    404: "Nothing is here",
    405: "This address cannot do that",
    413: "That file is too large",
    415: "That kind of file does not work here",
    422: "That image is too large",
    500: "Something went wrong",
    503: "The service is catching its breath",
    507: "The disk is full",
}
%>
<%block name="title">${status} · ${_(HEADINGS.get(status, "Something went wrong"))}</%block>
<section class="notice-page">
  <p class="notice-code" aria-hidden="true">${status}</p>
  <h1>${_(HEADINGS.get(status, "Something went wrong"))}</h1>
  <p class="wrap">${_(message)}</p>
  <p><a class="button primary" href="${page.home}">${_("To the upload page")}</a></p>
</section>
