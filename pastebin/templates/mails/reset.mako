## To the address of an account whose password was forgotten.
<%page expression_filter="n"/>
${_("A new password at {site}", site=brand.site_name)}

${_("Somebody, probably you, has forgotten the password of the account {name} at {site}.", site=brand.site_name, name=name)}

${_("Choose another one here; the address holds for one hour and works once:")}

${address}

${_("If it was not you, do nothing: the password stays as it is.")}
