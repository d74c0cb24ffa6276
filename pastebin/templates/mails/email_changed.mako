## To the address that an account had before.
<%page expression_filter="n"/>
${_("Your account at {site} has another address", site=brand.site_name)}

${_("The e-mail address of the account {name} at {site} was changed to {email}. Messages go there from now on.", name=account.name, site=brand.site_name, email=email)}

${_("If it was not you, change your password now, and tell the operator of the site.")}
