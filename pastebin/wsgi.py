"""The application for any WSGI server: `granian --interface wsgi pastebin.wsgi:application`.

The environment variable PASTEBIN_INI names the INI file, `development.ini` in the working folder by default.
"""

import ctypes
import multiprocessing
import os
import signal

import plaster

PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Have a worker process end in order when the server that started it is gone, however it went (Linux)."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if not parent.is_alive():
        raise SystemExit("The server has ended.")


end_with_parent()
loader = plaster.get_loader(os.environ.get("PASTEBIN_INI", "development.ini"), protocols=["wsgi"])
loader.setup_logging()
application = loader.get_wsgi_app()
