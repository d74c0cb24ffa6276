"""What the kernel is asked to keep from workers: the network, other processes, new privileges.

Called in the template process and its workers, which have a single thread. Where the kernel or
a container forbids namespaces, the service goes on without them.
"""

import ctypes
import os
import select
import signal
import sys

# linux/prctl.h and linux/sched.h
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWPID = 0x20000000
_CLONE_NEWNET = 0x40000000

_library = ctypes.CDLL(None, use_errno=True)


def give_up_privileges() -> None:
    """Give up gaining privileges, the network, and the sight of other processes for children to come."""
    _library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    wanted = _CLONE_NEWNET | _CLONE_NEWPID
    # Without privileges, in a user namespace, if that is allowed.
    if _library.unshare(wanted) and _library.unshare(wanted | _CLONE_NEWUSER):
        reason = os.strerror(ctypes.get_errno())
        print(f"pastebin: workers keep the network: no namespaces ({reason})", file=sys.stderr, flush=True)


def fork_init(template: int) -> int:
    """Fork the first process of a new PID namespace; return its pidfd. `template` is our own pidfd.

    It lives as long as the template process. When it ends, the kernel kills whatever is left in
    the namespace, also what workers forked. Without a namespace it is a child that does nothing.
    """
    pid = os.fork()
    if pid:
        return os.pidfd_open(pid)
    try:
        _library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # also where it is stopped
        keep_only([template])
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # reaps orphans
        poll = select.poll()
        poll.register(template, select.POLLIN)
        poll.poll()
    finally:
        os._exit(0)


def end_with(template: int) -> None:
    """Have this worker killed when the process behind the pidfd, its parent, ends."""
    _library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    poll = select.poll()
    poll.register(template, select.POLLIN)
    if poll.poll(0):  # it ended before
        os._exit(0)


def keep_only(descriptors: list[int]) -> None:
    """Close all descriptors but these, which are sorted; the standard ones become /dev/null."""
    null = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)
    start = 3
    for descriptor in descriptors:
        os.closerange(start, descriptor)
        start = descriptor + 1
    os.closerange(start, os.sysconf("SC_OPEN_MAX"))
