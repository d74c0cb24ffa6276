## To an address that one account is to have and another one has.
<%page expression_filter="n"/>
${_("Your address at {site}", site=brand.site_name)}

${_("The account {name} at {site} is to have this e-mail address, but another account there has it already.", name=account.name, site=brand.site_name)}

${_("Nothing has changed. If both accounts are yours, give the other one another address first.")}
