## Every page: head, bar at the top, main part, foot.
<%namespace name="icons" file="icons.mako"/>\
<!doctype html>
<html lang="${page.tag}"${theme_attribute()}>
<head>
<meta charset="utf-8">
<title><%block name="title"/></title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${page.theme or 'light dark'}">
<link rel="stylesheet" href="${page.static('css/site.css')}">
% if brand.stylesheet:
<link rel="stylesheet" href="${page.home}${brand.stylesheet}">
% endif
<link rel="icon" href="${page.home + brand.logo if brand.logo else page.static('icon.svg')}">
<link rel="manifest" href="${page.home}manifest.webmanifest" crossorigin="use-credentials">
<%block name="early"/>\
<script type="module" src="${page.static('js/site.js')}"></script>
% for name in ("again", "copy", "keys", "paint", "theme", "times"):
<link rel="modulepreload" href="${page.static(f'js/{name}.js')}" fetchpriority="low">
% endfor
<%block name="head"/>\
</head>
<body data-copied="${_('Copied')}" data-not-copied="${_('Press Ctrl+C to copy')}">
<a class="skip" href="#main">${_("Skip to the content")}</a>
<header class="bar">
  <a class="brand" href="${page.home}" data-key="u" data-key-for="${_('Upload page')}">
% if brand.logo:
    <img src="${page.home}${brand.logo}" alt="" width="30" height="30">
% else:
    <svg viewBox="0 0 32 32" aria-hidden="true"><path class="brand-back" d="M9 3h13a3 3 0 0 1 3 3v17a3 3 0 0 1-3 3H9z"/><path class="brand-front" d="M5 8a3 3 0 0 1 3-3h8l6 6v15a3 3 0 0 1-3 3H8a3 3 0 0 1-3-3z"/><path class="brand-fold" d="M16 5v4a2 2 0 0 0 2 2h4z"/></svg>
% endif
    <span>${brand.site_name}</span>
  </a>
  <nav class="bar-links" aria-label="${_('Site')}">
    <%block name="bar"/>
% if page.has_latest:
    <a class="quiet" href="${page.home}latest" data-key="l">${icons.icon("clock")}<span>${_("Latest")}</span></a>
% endif
% if page.account:
    <details class="menu" data-menu>
      <summary class="quiet" aria-label="${_('Account')}: ${page.account.name}">${icons.icon("user")}<span class="bar-name"><bdi>${page.account.name}</bdi></span></summary>
      <ul>
        <li><a href="${page.home}account/files">${_("My files")}</a></li>
        <li><a href="${page.home}account">${_("Account")}</a></li>
% if page.is_operator:
        <li><a href="${page.home}admin">${_("Administration")}</a></li>
% elif page.is_editor:
        <li><a href="${page.home}admin/listing">${_("Kept off Latest")}</a></li>
% endif
        <li><form method="post" action="${page.home}logout"><input type="hidden" name="csrf_token" value="${page.form_token}"><button class="quiet">${_("Sign out")}</button></form></li>
      </ul>
    </details>
% endif
    <details class="menu" data-menu>
      <summary class="quiet" aria-label="${_('Language')}: ${page.language}">${icons.icon("language")}<span>${page.language}</span></summary>
      <ul>
% for name, own, tag in page.languages:
        <li><a href="?lang=${name}" lang="${tag}" hreflang="${tag}"${' aria-current="true"' if name == page.locale else '' | n}>${own}</a></li>
% endfor
      </ul>
    </details>
    <details class="menu" data-menu>
      <summary class="quiet" aria-label="${_('Appearance')}">${icons.icon("theme")}</summary>
      <ul data-themes>
% for name, label in (("system", _("System")), ("light", _("Light")), ("dark", _("Dark"))):
        <li><a href="?theme=${name}" data-theme-choice="${name}"${' aria-current="true"' if name == (page.theme or 'system') else '' | n}>${label}</a></li>
% endfor
      </ul>
    </details>
  </nav>
</header>
<main id="main" tabindex="-1">
${next.body()}\
</main>
<footer class="foot">
  <p>${brand.footer_text or _("Links work until they expire or are deleted.")}</p>
<%
signs_in = not page.account and getattr(self.attr, "shows_sign_in", True)
%>\
% if brand.legal_links or signs_in:
  <ul>
% if signs_in:
    <li><a href="${page.home}login">${_("Sign in")}</a></li>
% endif
% for name, address in brand.legal_links:
    <li><a href="${address}">${name}</a></li>
% endfor
  </ul>
% endif
</footer>
${icons.drawings()}
<dialog class="keys needs-js" data-keys aria-labelledby="keys-title">
  <h2 id="keys-title">${_("Keyboard shortcuts")}</h2>
  <dl data-keys-list></dl>
  <label class="check"><input type="checkbox" data-keys-on checked autocomplete="off"> ${_("Use single keys")}</label>
  <form method="dialog"><button class="button">${_("Close")}</button></form>
</dialog>
<p class="toast" role="status" aria-live="polite" data-toast></p>
</body>
</html>
<%def name="theme_attribute()">${' data-theme="' + page.theme + '"' if page.theme else '' | n}</%def>\
