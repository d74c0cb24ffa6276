## A copy of a text, to be edited and shared by a form alone.
<%inherit file="layout.mako"/>
<%namespace name="terms" file="terms.mako"/>
<%block name="title">${_("Edit a copy")} · ${brand.site_name}</%block>
<%block name="head">
<meta name="robots" content="noindex">
</%block>
<div class="narrow">
  <h1>${_("Edit a copy")}</h1>
  <p class="lead">${_("The text that you share is a new file; {name} stays as it is.", name=file.heading)}</p>
  <form class="sheet editor" action="${page.home}" method="post" enctype="multipart/form-data">
    <div class="field">
      <label for="plain-title">${_("Title")}</label>
      <input id="plain-title" name="title" type="text" maxlength="200" autocomplete="off" value="${file.filename}">
    </div>
    <div class="field">
      <label for="plain-text">${_("Text")}</label>
## A browser leaves out the first line break of what stands here.
      <textarea id="plain-text" name="text" rows="20" spellcheck="false" autocapitalize="off" autocomplete="off" required>
${text}</textarea>
    </div>
    ${terms.options("plain")}
    <div class="editor-foot"><a class="button" href="${page.path('p', file.filehash)}">${_("Cancel")}</a> <button class="button primary">${_("Share text")}</button></div>
  </form>
</div>
