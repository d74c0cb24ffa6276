"""The template process: `python -m pastebin.workers.template_main TASKS_MODULE`.

It imports the tasks once, and for each socket it is sent over its standard input forks a worker
that serves it. It has one thread, ignores the signals that ask a server to stop (the service
finishes its requests first) and ends when its standard input does. See `pastebin.workers.template`.
"""

import gc
import importlib
import os
import select
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

from .isolation import end_with, fork_init, give_up_privileges, keep_only
from .limits import limit_worker
from .protocol import encode
from .serving import Task, serve


class _Worker(NamedTuple):
    """A child: its number, and our copy of its socket, over which its end is told."""

    pid: int
    connection: socket.socket


class TemplateProcess:
    """Forks workers, and tells the pool how they ended."""

    def __init__(self, control: socket.socket, tasks: Mapping[str, Task]) -> None:
        self._control = control
        self._tasks = tasks
        self._own = os.pidfd_open(os.getpid())
        self._init = fork_init(self._own)
        self._workers: dict[int, _Worker] = {}  # by pidfd
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)
        self._poll.register(self._init, select.POLLIN)

    def run(self) -> None:
        """Serve until the pool's side of the control socket closes; leave nobody behind."""
        try:
            self._serve()
        finally:
            self._end_all()

    def _serve(self) -> None:
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor in self._workers:
                    self._reap(descriptor)
                elif descriptor == self._init or not self._fork_next():
                    return

    def _fork_next(self) -> bool:
        """Take a socket and fork its worker; return False if there is none to come."""
        byte, descriptors, _, _ = socket.recv_fds(self._control, 1, 1)
        if not byte:
            return False
        connection = socket.socket(fileno=descriptors[0])
        try:
            pid = os.fork()
        except OSError as error:
            connection.close()
            self._control.send(f"- {error.strerror}".encode())
            return True
        if not pid:
            self._become_worker(connection)  # does not return
        pidfd = os.pidfd_open(pid)
        self._workers[pidfd] = _Worker(pid, connection)
        self._poll.register(pidfd, select.POLLIN)
        socket.send_fds(self._control, [str(pid).encode()], [pidfd])
        return True

    def _end_all(self) -> None:
        """Kill and reap all children. Killing the first process of a namespace kills all of it."""
        signal.pidfd_send_signal(self._init, signal.SIGKILL)
        for worker in self._workers.values():
            with suppress(OSError):
                os.killpg(worker.pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            while True:
                os.wait()

    def _become_worker(self, connection: socket.socket) -> None:
        """Serve a socket to its end, and exit."""
        try:
            end_with(self._own)
            os.setsid()  # what it forks can be killed with it
            keep_only([connection.fileno()])
            limit_worker()
            serve(connection, self._tasks)
        finally:
            os._exit(0)

    def _reap(self, pidfd: int) -> None:
        """Kill what a dead worker has forked, and tell the pool how it ended."""
        worker = self._workers.pop(pidfd)
        self._poll.unregister(pidfd)
        os.close(pidfd)
        with suppress(OSError):
            os.killpg(worker.pid, signal.SIGKILL)  # not reaped yet: no other's number
        status = os.waitstatus_to_exitcode(os.waitpid(worker.pid, 0)[1])
        ended = f"signal {-status}" if status < 0 else f"status {status}"
        note = encode({"ended": ended, "from_outside": status == -signal.SIGKILL})
        with suppress(OSError):
            worker.connection.send(note, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
        worker.connection.close()


def main() -> None:
    """Start; the standard input is the control socket."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    control = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)
    tasks: Mapping[str, Task] = importlib.import_module(sys.argv[1]).TASKS
    give_up_privileges()
    gc.collect()
    gc.freeze()
    with suppress(ConnectionError):  # when the service ends first
        TemplateProcess(control, tasks).run()


if __name__ == "__main__":
    main()
