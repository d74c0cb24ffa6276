## What went wrong, and what to do about it.
<%inherit file="layout.mako"/>
<%!
def N_(text):
    """Mark a message for the catalogues."""
    return text

HEADINGS = {
    400: N_("That request does not make sense here"),
    401: N_("That token does not work"),
    403: N_("That is not allowed here"),
    404: N_("Nothing is here"),
    405: N_("This address cannot do that"),
    409: N_("Some of that is no longer here"),
    410: N_("This is over"),
    412: N_("That is another version of the protocol"),
    413: N_("That file is too large"),
    415: N_("That kind of file does not work here"),
    422: N_("That is too much for this server"),
    423: N_("Somebody is at work on it"),
    429: N_("Too many attempts"),
    431: N_("That request is too large"),
    451: N_("This file may not be shared here"),
    460: N_("That arrived damaged"),
    500: N_("Something went wrong"),
    503: N_("The service is busy"),
    507: N_("The disk is full"),
}

# What the service says without numbers or names in it; the rest stays in English.
MESSAGES = (
    N_("There is nothing at this address."),
    N_("Too many wrong passwords. Try again later."),
    N_("Too many addresses that lead nowhere. Try again later."),
    N_("Too many reports from your address. Try again later."),
    N_("Too many uploads from your address. Try again later."),
    N_("Too many bytes were uploaded from your address. Try again later."),
    N_("These bytes were removed from this server and may not be uploaded again."),
    N_("This form was sent by a page of another site."),
    N_("There is no such file."),
    N_("Sign in first."),
    N_("This form is out of date. Load the page again."),
    N_("This token is wrong, over or revoked."),
    N_("Only accounts may upload here: sign in first, or send a token."),
    N_("This belongs to another account."),
    N_("Too many accounts from your address. Try again later."),
    N_("There is no such short link."),
    N_("There is no such page of the list."),
    N_("The address is not valid UTF-8."),
    N_("There is no file in the form: send one as the field `file`."),
    N_("Some of these files are no longer here. Ask for the others by `name`."),
    N_("There is no such collection."),
    N_("The connection ended before the whole file had arrived."),
    N_("The server's disk is full. Nothing was stored; try again later."),
    N_("The database does not answer. Nothing was changed; try again in a moment."),
    N_("Something went wrong on the server. It has been logged."),
)
%>
<%block name="title">${status} · ${_(HEADINGS.get(status, "Something went wrong"))}</%block>
<section class="notice-page">
  <p class="notice-code" aria-hidden="true">${status}</p>
  <h1>${_(HEADINGS.get(status, "Something went wrong"))}</h1>
  <p class="wrap"${'' if page.locale == 'en' or message in MESSAGES else ' lang="en"' | n}>${_(message) if message in MESSAGES else message}</p>
% if is_link:
  <p>${_("One of these is the reason. To protect whoever shared it, we don't say which:")}</p>
  <ul class="reasons">
    <li>${_("The link has expired.")}</li>
    <li>${_("All its downloads have been used.")}</li>
    <li>${_("The file has been deleted.")}</li>
    <li>${_("There never was a file: the address may be mistyped or cut short.")}</li>
  </ul>
% endif
  <p><a class="button primary" href="${page.home}">${_("To the upload page")}</a></p>
</section>
