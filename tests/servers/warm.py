"""The process that programs under test are forked from: `python -m tests.servers.warm`.

It has imported what they need, which takes longer than most of them do. Its standard input is a socket. Each
packet names a program, with the descriptors of its standard streams and of a pipe, over which its process id
and then its status are told. When the socket ends, all of this does. See `tests.servers.forked`.
"""

import atexit
import ctypes
import gc
import importlib
import json
import multiprocessing
import os
import pkgutil
import runpy
import select
import socket
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import pastebin
from pastebin.services import passwords

from .loaders import remember_loaders
from .once import template_folder
from .passwords import QuickHasher

PR_SET_PDEATHSIG = 1
MAX_PACKET = 2**17
MODULES = (
    *("granian.cli", "granian.server", "granian.wsgi", "granian._loops", "granian._signals"),
    *("waitress", "hupper", "plaster_pastedeploy", "pyramid.paster", "pyramid_mako"),
    *("alembic.config", "alembic.command", "alembic.autogenerate", "alembic.runtime.migration"),
    *("pastebin.application", "pastebin.scripts.cli"),
)
PACKAGES = ("pastebin.web", "pastebin.resources", "pastebin.views", "sqlalchemy.dialects.sqlite")


def import_all() -> dict[str, str]:
    """Import what servers and commands need, and all that the application looks through for views.

    Return the variables that these modules have set: pylibmagic says so where its files are.
    """
    before = dict(os.environ)
    for name in (*MODULES, *PACKAGES):
        importlib.import_module(name)
    for package in PACKAGES:
        for one in pkgutil.walk_packages(sys.modules[package].__path__, f"{package}."):
            importlib.import_module(one.name)
    remember_loaders()
    compile_templates_once()
    passwords.PasswordHasher = QuickHasher  # what a service takes is seen by tests/unit/test_passwords.py
    gc.collect()
    gc.freeze()
    return {name: value for name, value in os.environ.items() if before.get(name) != value}


def compile_templates_once() -> None:
    """Let servers use page templates that one of them has compiled."""
    make = pastebin.main

    def main(given: Mapping[str, Any], **settings: Any) -> Any:
        return make(given, **{"mako.module_directory": template_folder(), **settings})

    pastebin.main = main


class Forks:
    """The programs that run, and the socket over which more are asked for."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._pipes: dict[int, tuple[int, int]] = {}  # process id and pipe by pidfd
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)

    def next(self) -> dict[str, Any] | None:
        """Return in a child what it is to become, in the parent nothing, once nobody can ask any more."""
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor in self._pipes:
                    self._tell_end(descriptor)
                    continue
                packet, descriptors, _, _ = socket.recv_fds(self._control, MAX_PACKET, 4)
                if not packet:
                    return None
                *streams, pipe = descriptors
                if pid := os.fork():
                    self._note(pid, pipe, streams)
                else:
                    _take(streams)
                    return dict(json.loads(packet))

    def _note(self, pid: int, pipe: int, streams: Iterable[int]) -> None:
        for stream in streams:
            os.close(stream)
        pidfd = os.pidfd_open(pid)
        self._pipes[pidfd] = pid, pipe
        self._poll.register(pidfd, select.POLLIN)
        _tell(pipe, pid)

    def _tell_end(self, pidfd: int) -> None:
        pid, pipe = self._pipes.pop(pidfd)
        self._poll.unregister(pidfd)
        os.close(pidfd)
        _tell(pipe, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        os.close(pipe)


def _tell(pipe: int, number: int) -> None:
    with suppress(BrokenPipeError):  # when nobody wants to know
        os.write(pipe, b"%d\n" % number)


def _take(streams: Iterable[int]) -> None:
    """Make descriptors the standard streams, and close all others."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, 1 << 16)


def become(program: dict[str, Any], parent: int, variables: dict[str, str]) -> None:
    """Run a module as `python -m` does, as a process of its own with its own environment."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, program["death_signal"])
    if os.getppid() != parent:
        raise SystemExit("The test run has ended.")
    os.setpgid(0, 0)
    os.chdir(program["cwd"])
    os.environ.clear()
    os.environ.update(program["environment"] | variables)
    time.tzset()
    tempfile.tempdir = None
    multiprocessing.set_start_method("fork", force=True)  # so that a worker has the modules, too
    given = os.environ.get("PYTHONPATH", "")
    sys.path[:0] = [program["cwd"], *given.split(os.pathsep)] if given else [program["cwd"]]
    sys.argv = [program["module"], *program["arguments"]]
    sys.stdin = os.fdopen(0, closefd=False)
    if program["warnings"]:
        warnings.simplefilter(program["warnings"])
    runpy.run_module(program["module"], run_name="__main__", alter_sys=True)


class End:
    """Ends the process as Python does, but does not take thousands of modules apart first.

    To be registered before all other handlers of the end, so that it is the last of them.
    """

    def __init__(self) -> None:
        self._status = 1
        atexit.register(self._leave)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Take the exit status of what is run meanwhile."""
        try:
            yield
            self._status = 0
        except SystemExit as end:
            if end.code is None or isinstance(end.code, int):
                self._status = end.code or 0
            raise

    def _leave(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(self._status)


def main() -> None:
    """Import, then fork until the end."""
    end = End()
    control = socket.socket(fileno=os.dup(0))
    variables = import_all()
    parent = os.getpid()
    with end.noted():
        program = Forks(control).next()
        if program is not None:
            control.detach()  # its descriptor is closed
            become(program, parent, variables)


if __name__ == "__main__":
    main()
