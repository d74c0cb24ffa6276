"""The application for any WSGI server: `granian --interface wsgi pastebin.wsgi:application`.

The environment variable PASTEBIN_INI names the INI file, `development.ini` in the working folder by default.
"""

import ctypes
import gc
import multiprocessing
import os
import signal
import threading
from typing import Any

from plaster import parse_uri
from plaster_pastedeploy import Loader

PR_SET_PDEATHSIG = 1
WAKE = signal.SIGURG  # which nobody else sends, and which does nothing by itself


def end_with_parent() -> None:
    """Have a worker process killed when the server that started it is gone without having stopped it (Linux).

    In order it might go on for as long as somebody reads slowly, and nobody would be there to end it.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    wake_for_signals()
    if not parent.is_alive():
        raise SystemExit("The server has ended.")


def wake_for_signals() -> None:
    """Have the main thread run the handlers of signals that other threads have got.

    Linux gives a signal to any thread of a process, and Python runs its handler in the main one, when that
    wakes. That of a worker of Granian sleeps until the handler of SIGTERM has run: without this, one stop in
    ten under load took all of its 30 seconds, and those who were connected lost what they had sent.
    """
    noted, note = os.pipe()
    os.set_blocking(note, False)
    if (theirs := signal.set_wakeup_fd(note, warn_on_full_buffer=False)) != -1:
        signal.set_wakeup_fd(theirs)
        return
    signal.signal(WAKE, lambda _number, _frame: None)
    threading.Thread(target=_pass_on, args=(noted,), name="signals", daemon=True).start()


def _pass_on(noted: int) -> None:
    """Interrupt the main thread for each signal whose number comes."""
    while number := os.read(noted, 1):
        if number[0] != WAKE:
            signal.pthread_kill(threading.main_thread().ident or 0, WAKE)


def load() -> Any:
    """Return the application.

    The loader of INI files is named, as plaster finds it by reading the metadata of every installed package.
    Nearly all that is made meanwhile stays: looking for garbage among it takes a tenth of a start's time, and
    later would halt requests for as long.
    """
    loader = Loader(parse_uri(os.environ.get("PASTEBIN_INI", "development.ini")))
    gc.disable()
    try:
        loader.setup_logging()
        return loader.get_wsgi_app()
    finally:
        gc.freeze()
        gc.enable()


end_with_parent()
application = load()
