## To an account, when a guest has sent files to one of its requests.
<%page expression_filter="n"/>
${_("Files have come: {title}", title=asked.title)}

${plural("{number} file has come to your request “{title}”.", "{number} files have come to your request “{title}”.", len(files), title=asked.title)}
% if sender:

${_("Who sent it says to be {name}.", name=sender)}
% endif

% for file in files:
- ${file.filename}, ${page.size(file.size)}
% endfor

${_("They are here:")}

${address}
