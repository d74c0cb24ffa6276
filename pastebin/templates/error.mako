## What went wrong, and what to do about it.
<%inherit file="layout.mako"/>
<%!
from pastebin.web.translations import Sentences


def N_(text):
    """Mark a message for the catalogues."""
    return text

HEADINGS = {
    400: N_("That request does not make sense here"),
    401: N_("That token does not work"),
    403: N_("That is not allowed here"),
    404: N_("Nothing is here"),
    405: N_("This address cannot do that"),
    406: N_("There is no such form of this"),
    409: N_("Some of that is no longer here"),
    410: N_("This is over"),
    412: N_("That is out of date"),
    413: N_("That file is too large"),
    415: N_("Unsupported file type"),
    422: N_("That is too much for this server"),
    423: N_("Somebody is at work on it"),
    428: N_("Say which state of it you mean"),
    429: N_("Too many attempts"),
    431: N_("That request is too large"),
    451: N_("This file may not be shared here"),
    460: N_("That arrived damaged"),
    500: N_("Something went wrong"),
    502: N_("The other server did not send that"),
    503: N_("The service is busy"),
    504: N_("The other server took too long"),
    507: N_("The disk is full"),
    "quota_exceeded": N_("There is no room for that"),
    "request_full": N_("That is more than was wanted"),
    "switched_off": N_("Not at the moment"),
}

# What the service says, with blanks for numbers and names; anything else stays in English.
SENTENCES = Sentences((
    N_("There is nothing at this address."),
    N_("This address only takes {methods}."),
    N_("Too many wrong passwords. Try again later."),
    N_("Too many addresses that lead nowhere. Try again later."),
    N_("Too many reports from your address. Try again later."),
    N_("Too many uploads from your address. Try again later."),
    N_("Too many bytes were uploaded from your address. Try again later."),
    N_("Too many uploads by your account. Try again later."),
    N_("Too many bytes were uploaded by your account. Try again later."),
    N_("Too many uploads by this token. Try again later."),
    N_("Too many bytes were uploaded by this token. Try again later."),
    N_("These bytes were removed from this server and may not be uploaded again."),
    N_("Too many files were fetched for your address. Try again later."),
    N_("Enough files are being fetched at the moment. Try again when one is done."),
    N_("Nothing is fetched from other servers here: upload the file itself."),
    N_("Nothing is fetched from this address: it is not one of the public internet."),
    N_("Nothing is fetched from port {port}."),
    N_("An address has at most {limit} characters, and no spaces."),
    N_("An address begins with http:// or https://, and has no user and no password."),
    N_("This is no address of the web."),
    N_("This address names no host."),
    N_("The other server cannot be reached, or does not send a whole file."),
    N_("The other server has been silent for too long."),
    N_("The other server takes too long."),
    N_("Send a file or the address of one, not both."),
    N_("This form was sent by a page of another site."),
    N_("There is no such file."),
    N_("Sign in first."),
    N_("This address has been used, or is over. Ask for a new one."),
    N_("Too much mail waits to be sent. Try again later."),
    N_("The sign-in provider does not answer as it should. Try again later."),
    N_("The sign-in provider has not signed you in."),
    N_("Too many sign-ins are under way. Try again in a moment."),
    N_("This sign-in was not begun in this browser, or is over. Begin again."),
    N_("The sign-in could not be verified. Begin again."),
    N_("No account here is linked to that one. Sign in here, and link it on the page of your account."),
    N_("This account may not sign in."),
    N_("This passkey could not be verified. Try again."),
    N_("This passkey is here already."),
    N_("Sign in with the account that you wanted to link, and begin again."),
    N_("This sign-in belongs to another account here."),
    N_("This account has too many linked sign-ins. Unlink one first."),
    N_("Choose a password first: nothing else signs in to this account."),
    N_("This is not the password you have now."),
    N_("For this you must have signed in within the last ten minutes."),
    N_("Too many wrong codes. Try again later."),
    N_("This account has a second factor already."),
    N_("Another account has this address."),
    N_("This file is not listed."),
    N_("Too many messages. Try again later."),
    N_("Your account may not do that."),
    N_("Another administrator has to do that: you would shut yourself out."),
    N_("This file is gone already."),
    N_("A content is named by its SHA-256: 64 lower-case hex digits."),
    N_("This invite has been used, or is over."),
    N_("An invite is for 1 to 100000 accounts, and lasts a year at most."),
    N_("An invite lasts for a time such as 7d."),
    N_("The quota is a size such as 10 GiB, or nothing."),
    N_("The quota is a number of files, or nothing."),
    N_("This form is out of date. Load the page again."),
    N_("This token is wrong, over or revoked."),
    N_("Nothing can be changed here at the moment. Try again later."),
    N_("Nothing can be uploaded here at the moment. Try again later."),
    N_("No accounts can be made here at the moment. Try again later."),
    N_("Only accounts may upload here: sign in first, or send a token."),
    N_("This belongs to another account."),
    N_("Too many tries to make an account from your address. Try again later."),
    N_("There is no such short link."),
    N_("There is no such page of the list."),
    N_("There is no such collection."),
    N_("There is no such view of a collection."),
    N_("The address is not valid UTF-8."),
    N_("The form is malformed."),
    N_("The form is malformed or incomplete ({reason})."),
    N_("The form has too many or too large parts ({reason})."),
    N_("The form asks for nothing that can be done here."),
    N_("A field of the form has more than {limit} bytes."),
    N_("There are more than {limit} files in the form."),
    N_("There is no file in the form: send one as the field `file`."),
    N_("The file name has {length} characters; at most {limit} are possible."),
    N_("The file is larger than this server accepts ({limit})."),
    N_("Some of these files are no longer here. Ask for the others by `name`."),
    N_("The collection has changed meanwhile. Load its page again."),
    N_("This is the last file. Delete the collection instead."),
    N_("The connection ended before the whole file had arrived."),
    N_("Only images can be cropped or resized, and this file isn't one."),
    N_("Say which size: ?w=800 or ?w=800&h=600, for example."),
    N_("{name} must be a whole number from {lowest} to {highest}, not {given}."),
    N_("{name} must be one of {allowed}, not {given}."),
    N_("downloads must be a whole number from 1 to {limit}."),
    N_("password must have 1 to {limit} characters."),
    N_("title must have 1 to {limit} characters."),
    N_("visibility must be one of {allowed}."),
    N_("A collection has at most {limit} files."),
    N_("Only texts can be compared."),
    N_("Only texts that you can read without a password or a download can be compared."),
    N_("That is no address of a file of this service."),
    N_("The parameter {name} is given twice."),
    N_("A region needs x, y, cw and ch together; {missing} is left out."),
    N_("The region x={x}, y={y}, cw={cw}, ch={ch} leaves the image, which is {width} × {height} pixels."),
    N_("The result would be {width} × {height} pixels; at most {side} a side and {pixels} in all are made: ask for a smaller w and h."),
    N_("The image has {width} × {height} pixels; at most {pixels} are decoded."),
    N_("Rendering this image would take {needed} MiB of memory; at most {allowed} are used: ask for a smaller size or another format."),
    N_("This image is broken or incomplete and cannot be decoded."),
    N_("This file takes too long to process."),
    N_("This file takes too much memory to process."),
    N_("This request has all the files that it takes."),
    N_("This request takes {number} more files. Send fewer."),
    N_("This request has all the bytes that it takes."),
    N_("This request takes {size} more, and this is larger."),
    N_("This request takes only {types}, not {type}."),
    N_("There is no room for this at the moment. Ask who sent you here to make some."),
    N_("Your name has at most {limit} characters here."),
    N_("There is no file in the form: send one as the field `file`."),
    N_("This file cannot be processed."),
    N_("expires must be in the future."),
    N_("expires must be within {seconds} seconds from now."),
    N_("expires must be a duration such as 90s, 30m, 12h, 7d or 4w, or an ISO 8601 moment with a zone."),
    N_("Say in the field `report` what is wrong with this file."),
    N_("Say what is wrong with this file."),
    N_("The service is busy; try again in a moment."),
    N_("The service is busy with other images; try again in a moment."),
    N_("This file is being processed; try again in a moment."),
    N_("Enough zips are being sent at the moment. Try again when one is done."),
    N_("Enough files of archives are being sent. Try again in a moment."),
    N_("The server's disk is full."),
    N_("The server's disk is full. Nothing was stored; try again later."),
    N_("The database does not answer. Nothing was changed; try again in a moment."),
    N_("Something went wrong on the server. It has been logged."),
))
%>
<%block name="title">${status} · ${_(HEADINGS.get(code, HEADINGS.get(status, "Something went wrong")))}</%block>
<section class="notice-page">
  <p class="notice-code" aria-hidden="true">${status}</p>
  <h1>${_(HEADINGS.get(code, HEADINGS.get(status, "Something went wrong")))}</h1>
<%
translated = page.find(message, SENTENCES)
%>\
  <p class="wrap"${'' if translated else ' lang="en"' | n}>${translated or message}</p>
% if is_link:
  <p>${_("One of these is the reason. To protect whoever shared it, we don't say which:")}</p>
  <ul class="reasons">
    <li>${_("The link has expired.")}</li>
    <li>${_("All its downloads have been used.")}</li>
    <li>${_("The file has been deleted.")}</li>
    <li>${_("There never was a file: the address may be mistyped or cut short.")}</li>
  </ul>
% endif
  <p><a class="button primary" href="${page.home}">${_("Upload a file")}</a></p>
</section>

## What an error says to a program, in the language of who uses it.
<%def name="said()">${page.find(message, SENTENCES) or message | n}</%def>
