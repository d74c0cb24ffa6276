"""The application for any WSGI server: `granian --interface wsgi pastebin.wsgi:application`.

The environment variable PASTEBIN_INI names the INI file, `development.ini` in the working folder by default.
"""

import ctypes
import gc
import multiprocessing
import os
import signal
from typing import Any

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


def load() -> Any:
    """Return the application.

    Nearly all that is made meanwhile stays: looking for garbage among it takes a tenth of a start's time, and
    later would halt requests for as long.
    """
    loader = plaster.get_loader(os.environ.get("PASTEBIN_INI", "development.ini"), protocols=["wsgi"])
    gc.disable()
    try:
        loader.setup_logging()
        return loader.get_wsgi_app()
    finally:
        gc.freeze()
        gc.enable()


end_with_parent()
application = load()
