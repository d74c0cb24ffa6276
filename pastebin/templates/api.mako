## What the API does: each noun with its operations, and how curl asks for them.
<%inherit file="layout.mako"/>
<%block name="title">${_("API")} · ${brand.site_name}</%block>
<section class="api">
  <h1>${_("API")}</h1>
  <p>${_("Programs do here what people do on the pages. Everything is JSON; an error has a code, a message and, where a field is wrong, its name.")}</p>
  <p>${_("A program sends a token, which is made on the page of your account.")} <a href="openapi.json">${_("All of this for programs: OpenAPI 3.1")}</a></p>
% for noun, operations in nouns.items():
  <section aria-labelledby="noun-${noun}">
    <h2 id="noun-${noun}"><code>/${noun}</code></h2>
% for one in operations:
    <details>
      <summary><code>${one.method} /${one.noun.address}</code> <span>${_(one.summary)}</span></summary>
<%
message, values = may_ask(one)
%>\
      <dl>
        <dt>${_("Who may ask")}</dt><dd>${_(message, **values)}</dd>
% if one.query:
        <dt>${_("Parameters")}</dt><dd><code>${", ".join(one.query)}</code></dd>
% endif
% if one.upload:
        <dt>${_("Fields of the form")}</dt><dd><code>${", ".join(one.upload)}</code></dd>
% endif
% if one.body:
        <dt>${_("Keys of the body")}</dt><dd><code>${", ".join(one.body["properties"])}</code></dd>
% endif
        <dt>${_("Answers")}</dt><dd>${", ".join(map(str, one.answers))}</dd>
        <dt>${_("Errors")}</dt><dd>${", ".join(map(str, statuses(one)))}</dd>
      </dl>
% if one.example:
      <pre tabindex="0"><code>curl ${one.example.replace("BASE", base)}</code></pre>
% endif
    </details>
% endfor
  </section>
% endfor
</section>
