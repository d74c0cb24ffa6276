## To the new address of an account: the way to confirm it.
<%page expression_filter="n"/>
${_("Confirm your address at {site}", site=brand.site_name)}

${_("The account {name} at {site} is to have this e-mail address.", name=account.name, site=brand.site_name)}

${_("Confirm it here, signed in to that account; the address holds for one day and works once:")}

${address}

${_("If it was not you, do nothing: without this address nothing changes.")}
