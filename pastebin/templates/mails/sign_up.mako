## To an address that no account has: the way to make one.
<%page expression_filter="n"/>
${_("Make your account at {site}", site=brand.site_name)}

${_("Somebody, probably you, wants to make an account at {site} with this e-mail address.", site=brand.site_name)}

${_("Choose a name and a password here; the address holds for one day:")}

${address}

${_("If it was not you, do nothing: without this address no account is made.")}
