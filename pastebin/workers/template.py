"""The web process's handle of the template process, from which workers are forked."""

import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from ..errors import Overloaded, TaskFailed
from .after_fork import forget_after_fork
from .worker import Worker

# How long the template process may take to import the tasks on a loaded machine, and to fork once it has; how
# long others wait meanwhile.
START_SECONDS = 20.0
FORK_SECONDS = 3.0
PATIENCE_SECONDS = 8.0

# How long it may take to end its workers when it is told to end.
END_SECONDS = 2.0


class _Gone(Exception):
    """The template process has ended, or does not answer."""


class Template:
    """Starts the template process when the first worker is wanted, and again when it has died.

    `tasks` names a module with a dict TASKS of `pastebin.workers.serving.Task` by name. Safe
    among threads; several pools may share one.
    """

    def __init__(self, tasks: str) -> None:
        self._tasks = tasks
        self._reset()
        forget_after_fork(self)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def fork_worker(self) -> Worker:
        """Return a new worker.

        Raises Overloaded if the machine has no room for a process, TaskFailed if the tasks
        cannot be imported.
        """
        if not self._lock.acquire(timeout=PATIENCE_SECONDS):
            raise Overloaded("the service is busy starting; try again in a moment")
        try:
            return self._fork_or_restart()
        except OSError as error:
            raise Overloaded("the service has no room for one more process") from error
        finally:
            self._lock.release()

    def close(self) -> None:
        """End the template process, and so all of its workers. It starts again if it is wanted."""
        with self._lock:
            self._end()

    def forget(self) -> None:
        """Leave process and socket to the parent process. Called in a forked child."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.returncode = 0  # not a child of ours to wait for
        self._reset()

    def _fork_or_restart(self) -> Worker:
        if self._control is not None:
            with suppress(_Gone):
                return self._fork(self._control, FORK_SECONDS)
            self._end()
        try:
            return self._fork(self._start(), START_SECONDS)
        except _Gone:
            if self._end() < 0:  # a signal, as when the server is being stopped
                raise Overloaded("the service is busy starting; try again in a moment") from None
            raise TaskFailed("the workers cannot be started; their errors are in the log") from None

    def _start(self) -> socket.socket:
        with _socket_pair(socket.SOCK_SEQPACKET) as (control, theirs, keep):
            self._process = subprocess.Popen(  # noqa: S603 - nothing of a request is in it
                [sys.executable, "-P", "-m", "pastebin.workers.template_main", self._tasks],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(_search_path())},
                start_new_session=True,
            )
            keep()
        self._control = control
        return control

    def _fork(self, control: socket.socket, seconds: float) -> Worker:
        with _socket_pair(socket.SOCK_STREAM) as (connection, theirs, keep):
            answer, descriptors = _ask(control, theirs, seconds)
            if not descriptors:
                raise OSError(answer)
            keep()
        return Worker(int(answer), descriptors[0], connection)

    def _end(self) -> int:
        """End the process, if there is one; return its exit status, negative for a signal."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is None:
            return 0
        process, self._process = self._process, None
        try:
            return process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


@contextmanager
def _socket_pair(kind: int) -> Iterator[tuple[socket.socket, socket.socket, Callable[[], object]]]:
    """Give our end, the other end, which is closed afterwards, and a function that keeps ours open."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, kind)
    with theirs, ExitStack() as stack:
        stack.callback(ours.close)
        yield ours, theirs, stack.pop_all


def _ask(control: socket.socket, connection: socket.socket, seconds: float) -> tuple[str, list[int]]:
    """Send a worker's socket; return the worker's number and pidfd, or an error and nothing."""
    poll = select.poll()
    poll.register(control, select.POLLIN)
    try:
        socket.send_fds(control, [b"f"], [connection.fileno()], socket.MSG_NOSIGNAL)
        if not poll.poll(seconds * 1000):
            raise _Gone
        answer, descriptors, _, _ = socket.recv_fds(control, 200, 1)
    except ConnectionError as error:
        raise _Gone from error
    if not answer:
        raise _Gone
    return answer.decode("utf-8", "replace"), descriptors


def _search_path() -> list[str]:
    """Return where this process finds modules, which need not be what a new one would."""
    return [folder or os.getcwd() for folder in sys.path]
