## To the address of an account, when somebody wants to make another one with it.
<%page expression_filter="n"/>
${_("You have an account at {site}", site=brand.site_name)}

${_("Somebody, probably you, wants to make an account at {site} with this e-mail address. There is one already, and its name is {name}.", site=brand.site_name, name=account.name)}

${_("Sign in here; if you have forgotten the password, that page leads to a new one:")}

${home}

${_("If it was not you, do nothing: nothing has changed.")}
