"""The application for any WSGI server: `granian --interface wsgi pastebin.wsgi:application`.

The environment variable PASTEBIN_INI names the INI file, `development.ini` in the working folder by default.
"""

import os

import plaster

loader = plaster.get_loader(os.environ.get("PASTEBIN_INI", "development.ini"), protocols=["wsgi"])
loader.setup_logging()
application = loader.get_wsgi_app()
