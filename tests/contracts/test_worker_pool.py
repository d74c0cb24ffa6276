"""The pool of workers: tasks run, and whatever a hostile one does, the service and its other tasks go on."""

import io
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from pastebin.errors import ImageTooLarge, NotAnImage, StorageFull
from pastebin.workers import (
    Answer,
    MemoryCeiling,
    Overloaded,
    TaskFailed,
    TaskKilled,
    TaskLimits,
    Template,
    WorkerPool,
)
from pastebin.workers.quarantine import Quarantine
from tests.contracts.together import ROOT, in_threads
from tests.inprocess.evil_tasks import LIES

TASKS = "tests.inprocess.evil_tasks"
MIB = 2**20
LIMITS = TaskLimits(seconds=20, cpu_seconds=10, memory_bytes=256 * MIB)
SHORT = TaskLimits(seconds=20, cpu_seconds=0.3, memory_bytes=256 * MIB)
SMALL = TaskLimits(seconds=20, cpu_seconds=10, memory_bytes=64 * MIB)

pytestmark = pytest.mark.timeout(60)

Make = Callable[..., WorkerPool]


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    """Give a template process that the tests of this file share."""
    template = Template(TASKS)
    yield template
    template.close()


@pytest.fixture
def make(template: Template) -> Iterator[Make]:
    """Give a function that makes pools of two workers, ended afterwards."""
    pools: list[WorkerPool] = []

    def make(**given: Any) -> WorkerPool:
        pools.append(WorkerPool(template, **{"size": 2, "waiting": 4, **given}))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()


@pytest.fixture
def pool(make: Make) -> WorkerPool:
    """Give a pool of two workers."""
    return make()


@pytest.fixture
def isolated(pool: WorkerPool) -> bool:
    """Tell whether workers get namespaces here, which containers may forbid."""
    return run(pool, "identify").header["network"] != os.readlink("/proc/self/ns/net")


def run(pool: WorkerPool, task: str, key: str = "key", limits: TaskLimits = LIMITS, **params: Any) -> Answer:
    """Run a task that has parameters only."""
    return pool.run(task, key, limits=limits, params=params)


def killed(pool: WorkerPool, task: str, key: str = "key", limits: TaskLimits = LIMITS, **params: Any) -> str:
    """Run a task that is to be killed; return why it was."""
    with pytest.raises(TaskKilled) as raised:
        run(pool, task, key, limits, **params)
    return raised.value.reason


def in_background(function: Callable[[], Any]) -> Callable[[], Any]:
    """Call a function in a thread; return a function that waits for its result."""
    executor = ThreadPoolExecutor(1)
    future = executor.submit(function)
    executor.shutdown(wait=False)
    return lambda: future.result(30)


def until(condition: Callable[[], Any], seconds: float = 20) -> Any:
    """Wait until a condition holds; return what it gave."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
    return found


def elapsed(function: Callable[[], Any]) -> float:
    """Return how many seconds a call takes."""
    start = time.monotonic()
    function()
    return time.monotonic() - start


def started_by(pid: int) -> list[psutil.Process]:
    """Return what a process has started, children of children as well."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def is_alive(process: psutil.Process) -> bool:
    """Tell whether a process runs; one that only waits for pid 1 to reap it does not."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def template_of(pid: int) -> psutil.Process:
    """Return the template process of a process that has the tasks of these tests."""
    alive = filter(is_alive, psutil.Process(pid).children())
    return next(process for process in alive if TASKS in process.cmdline())


# What a task is given, and what comes back.


def test_a_task_answers_with_a_header_and_bytes(pool: WorkerPool) -> None:
    params = {"text": "\u00e4\ud800\n", "number": 1.5, "none": None, "list": [1, {"a": True}]}
    answer = pool.run("echo", "key", limits=LIMITS, params=params, source=io.BytesIO(b"content"))
    assert answer == Answer(params, b"content")


def test_without_source_a_task_reads_nothing(pool: WorkerPool) -> None:
    assert pool.run("echo", "key", limits=LIMITS) == ({}, b"")


@pytest.mark.parametrize("unbuffered", [True, False])
def test_a_file_is_read_from_its_beginning_each_time(
    pool: WorkerPool, tmp_path: Path, unbuffered: bool
) -> None:
    (tmp_path / "file").write_bytes(b"content" * 100_000)
    with open(tmp_path / "file", "rb", buffering=0 if unbuffered else -1) as file:
        file.seek(7)
        for _ in range(3):
            assert pool.run("echo", "key", limits=LIMITS, source=file).body == b"content" * 100_000
        assert file.tell() == 7


def test_one_descriptor_is_read_by_two_tasks_at_once(pool: WorkerPool, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(os.urandom(4 * MIB))
    with open(tmp_path / "file", "rb") as file:
        calls = [lambda n=n: pool.run("echo", str(n), limits=LIMITS, source=file).body for n in range(4)]
        assert set(in_threads(calls)) == {(tmp_path / "file").read_bytes()}


def test_a_reader_without_a_file_is_copied_from_its_beginning(pool: WorkerPool) -> None:
    source = io.BytesIO(os.urandom(200_000))
    source.seek(99)
    assert pool.run("echo", "key", limits=LIMITS, source=source).body == source.getvalue()


def test_the_result_is_written_into_the_target(pool: WorkerPool) -> None:
    with tempfile.TemporaryFile() as target:
        target.write(b"something that was there before")
        target.flush()
        answer = pool.run(
            "echo",
            "key",
            limits=LIMITS,
            source=io.BytesIO(b"result"),
            target=target.fileno(),
            params={"a": 1},
        )
        target.seek(0)
        assert (answer, target.read()) == (({"a": 1}, b""), b"result")


def test_params_are_small(pool: WorkerPool) -> None:
    with pytest.raises(ValueError, match="params of"):
        run(pool, "echo", text="a" * 70_000)


def test_an_answer_may_be_large(pool: WorkerPool) -> None:
    assert len(run(pool, "write_huge", bytes=20 * MIB).body) == 20 * MIB


# Errors.


def test_own_errors_are_raised_again(pool: WorkerPool) -> None:
    with pytest.raises(ImageTooLarge, match="too many pixels"):
        run(pool, "raise_error", kind="own")


def test_an_unknown_subclass_is_raised_as_its_base(pool: WorkerPool) -> None:
    with pytest.raises(NotAnImage, match="no image at all") as raised:
        run(pool, "raise_error", kind="derived")
    assert type(raised.value) is NotAnImage


def test_a_full_disk_is_told(pool: WorkerPool) -> None:
    with pytest.raises(StorageFull):
        run(pool, "raise_error", kind="full")


@pytest.mark.parametrize(("task", "name"), [("raise_error", "ValueError"), ("leave", "SystemExit")])
def test_bugs_are_logged_once_with_their_places_and_without_what_they_say(
    pool: WorkerPool, caplog: pytest.LogCaptureFixture, task: str, name: str
) -> None:
    for _ in range(2):
        with pytest.raises(TaskFailed):
            run(pool, task, kind="bug")
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert name in record.getMessage()
    assert f"{task} (evil_tasks.py:" in record.getMessage()
    assert "a bug" not in record.getMessage()  # it might be a file's name or a piece of it
    assert len(record.getMessage().splitlines()) == 1


def test_an_unknown_task_is_a_bug(pool: WorkerPool) -> None:
    with pytest.raises(TaskFailed):
        run(pool, "unknown")


def test_tasks_that_cannot_be_imported_are_a_bug() -> None:
    template = Template("tests.no_such_module")
    with pytest.raises(TaskFailed):
        run(WorkerPool(template, size=1, waiting=0), "echo")
    template.close()


# Hostile tasks.


@pytest.mark.alone
def test_a_hang_in_c_code_is_ended_in_time_and_the_next_task_served_soon(pool: WorkerPool) -> None:
    run(pool, "echo")
    assert elapsed(lambda: killed(pool, "hang", limits=SHORT)) < 3
    assert elapsed(lambda: run(pool, "echo")) < 1


def test_a_hang_is_ended_for_lack_of_time(pool: WorkerPool) -> None:
    assert killed(pool, "hang", limits=SHORT) == "time"


def test_a_task_that_only_waits_is_ended_too(pool: WorkerPool) -> None:
    assert killed(pool, "sleep", limits=TaskLimits(0.2, 10, 64 * MIB), seconds=30) == "time"


def test_too_much_memory(pool: WorkerPool) -> None:
    assert killed(pool, "grow", limits=SMALL) == "memory"
    assert run(pool, "echo", limits=SMALL, a=1).header == {"a": 1}


@pytest.mark.parametrize("task", ["abort", "segfault", "vanish", "stutter"])
def test_a_worker_that_dies(pool: WorkerPool, task: str) -> None:
    assert killed(pool, task) == "crash"
    assert run(pool, "echo", a=1).header == {"a": 1}


@pytest.mark.parametrize("lie", LIES)
def test_a_worker_that_lies(pool: WorkerPool, lie: str) -> None:
    assert elapsed(lambda: killed(pool, "lie", lie=lie)) < 5
    assert run(pool, "echo", a=1).header == {"a": 1}


def test_answers_are_capped(make: Make) -> None:
    pool = make(max_body=MIB, max_header=1000)
    assert len(run(pool, "write_huge", bytes=MIB).body) == MIB
    assert killed(pool, "write_huge", bytes=MIB + 1) == "crash"
    assert killed(pool, "echo", text="a" * 1000) == "crash"


def test_an_answer_left_for_the_next_question_is_not_taken(pool: WorkerPool) -> None:
    assert run(pool, "repeat").header == {"who": "first"}
    time.sleep(0.2)
    assert run(pool, "echo", who="third").header == {"who": "third"}


def test_what_a_worker_forked_is_ended_with_it(pool: WorkerPool) -> None:
    run(pool, "echo")
    known = {process.pid for process in started_by(os.getpid())}

    def bred() -> list[psutil.Process]:
        return [one for one in started_by(os.getpid()) if one.pid not in known and is_alive(one)]

    task = in_background(lambda: killed(pool, "breed", limits=TaskLimits(1, 10, 64 * MIB)))
    until(lambda: len(bred()) >= 8)
    assert task() == "time"
    until(lambda: not bred())


def test_a_task_is_unharmed_while_another_is_killed(pool: WorkerPool) -> None:
    innocent = in_background(lambda: run(pool, "sleep", "innocent", seconds=1.0))
    assert killed(pool, "hang", limits=SHORT) == "time"
    assert killed(pool, "abort") == "crash"
    assert innocent().header == {"slept": 1.0}


def test_a_worker_has_no_network(pool: WorkerPool, isolated: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        error = run(pool, "connect", port=server.getsockname()[1]).header["error"]
    assert error == ("Network is unreachable" if isolated else None)


def test_a_worker_inherits_nothing(pool: WorkerPool, tmp_path: Path) -> None:
    with open(tmp_path / "secret", "w") as secret, socket.create_server(("127.0.0.1", 0)) as server:
        os.set_inheritable(secret.fileno(), True)
        os.set_inheritable(server.fileno(), True)
        template = Template(TASKS)
        own = WorkerPool(template, size=1, waiting=0)
        seen = own.run("identify", "key", limits=LIMITS, source=io.BytesIO(b"a")).header
        own.close()
        template.close()
    standard = {seen["descriptors"].pop(name) for name in "012"}
    assert standard == {"/dev/null"}
    opened = sorted(name.partition(":")[0] for name in seen["descriptors"].values())
    assert opened == ["/memfd", "socket"]


def test_a_worker_leaves_no_descriptor_behind(pool: WorkerPool, tmp_path: Path) -> None:
    before = run(pool, "identify").header["descriptors"]
    ours = len(os.listdir("/proc/self/fd"))
    with tempfile.TemporaryFile() as target:
        for task in ("echo", "raise_error", "unknown") * 3:
            given = {"source": io.BytesIO(b"a"), "target": target.fileno(), "params": {"kind": "own"}}
            with suppress(ImageTooLarge, TaskFailed):
                pool.run(task, "key", limits=LIMITS, **given)
    assert run(pool, "identify").header["descriptors"] == before
    assert len(os.listdir("/proc/self/fd")) == ours


def test_a_worker_steps_back_and_gains_no_privileges(pool: WorkerPool) -> None:
    seen = run(pool, "identify").header
    assert (seen["nice"], seen["privileges"]) == (5 + os.nice(0), "1")


# All of them together.


@pytest.fixture
def ceiling() -> MemoryCeiling:
    """Give a bound for pools to share."""
    return MemoryCeiling(96 * MIB)


@pytest.mark.parametrize("child", [False, True])
def test_too_much_memory_by_itself_is_remembered(
    make: Make, ceiling: MemoryCeiling, tmp_path: Path, child: bool
) -> None:
    pool = make(ceiling=ceiling, quarantine=tmp_path)
    assert elapsed(lambda: killed(pool, "hold", bytes=128 * MIB, seconds=30, child=child)) < 10
    assert [file.read_text() for file in tmp_path.iterdir()] == ["memory"]


def test_of_tasks_that_take_too_much_together_the_largest_ends(
    make: Make, ceiling: MemoryCeiling, tmp_path: Path
) -> None:
    quarantine, until = tmp_path / "quarantine", tmp_path / "until"
    small, large = make(ceiling=ceiling), make(ceiling=ceiling, quarantine=quarantine)
    answer = in_background(lambda: run(small, "hold", bytes=40 * MIB, seconds=15, until=str(until)))
    with pytest.raises(Overloaded):
        run(large, "hold", bytes=80 * MIB, seconds=15)
    until.touch()
    assert answer().header["size"] == 40 * MIB
    assert not quarantine.exists()  # alone it might do
    assert run(large, "hold", bytes=80 * MIB, seconds=0.1).header["size"] == 80 * MIB


# Workers come and go.


def test_workers_are_used_again(pool: WorkerPool) -> None:
    assert len({run(pool, "identify").header["pid"] for _ in range(5)}) == 1


def test_a_worker_with_much_memory_is_retired(pool: WorkerPool) -> None:
    before = run(pool, "identify").header["pid"]
    run(pool, "bloat", bytes=200 * MIB)
    assert run(pool, "identify").header["pid"] != before


def test_a_slow_worker_is_retired(make: Make) -> None:
    pool = make(slow_seconds=0.05)
    before = run(pool, "identify").header["pid"]
    run(pool, "sleep", seconds=0.2)
    assert run(pool, "identify").header["pid"] != before


def test_no_zombies_pile_up(pool: WorkerPool) -> None:
    for number in range(5):
        killed(pool, "abort", str(number))
    run(pool, "echo")
    template = template_of(os.getpid())
    until(lambda: all(map(is_alive, [template, *started_by(template.pid)])))


def test_an_idle_worker_that_was_killed_is_replaced(pool: WorkerPool) -> None:
    run(pool, "echo")
    worker = max(template_of(os.getpid()).children(), key=lambda process: process.create_time())
    worker.kill()
    assert run(pool, "echo", a=1).header == {"a": 1}


def test_all_the_templates_children_may_be_killed(pool: WorkerPool) -> None:
    """Also the first process of the namespace, without which no other can be forked."""
    run(pool, "echo")
    children = template_of(os.getpid()).children()
    for process in children:
        with suppress(psutil.NoSuchProcess):  # it may have ended with the first
            process.kill()
    psutil.wait_procs(children, timeout=10)  # what is forked until then ends with the first, too

    def is_served() -> bool:
        with suppress(Overloaded):
            return run(pool, "echo", a=1).header == {"a": 1}
        return False

    until(is_served)


def test_a_template_that_is_stopped_is_replaced(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    run(make(), "echo")
    monkeypatch.setattr("pastebin.workers.template.FORK_SECONDS", 0.2)
    monkeypatch.setattr("pastebin.workers.template.END_SECONDS", 0.2)
    template = template_of(os.getpid())
    stopped = [template, *template.children()]
    for process in stopped:
        process.suspend()
    assert run(make(), "echo", a=1).header == {"a": 1}
    until(lambda: not any(map(is_alive, stopped)))


def test_a_worker_killed_from_outside_costs_nothing(pool: WorkerPool, tmp_path: Path) -> None:
    with tempfile.TemporaryFile() as target:
        source = io.BytesIO(b"result")
        pool.run(
            "kill_once",
            "key",
            limits=LIMITS,
            source=source,
            target=target.fileno(),
            params={"path": str(tmp_path / "x")},
        )
        target.seek(0)
        assert target.read() == b"result"


@pytest.mark.alone
def test_the_template_killed_in_the_middle_is_replaced(pool: WorkerPool, tmp_path: Path) -> None:
    path = tmp_path / "calls"
    run(pool, "echo")
    task = in_background(lambda: run(pool, "count", path=str(path), seconds=0.5))
    time.sleep(0.2)
    template_of(os.getpid()).kill()
    assert task().header["path"] == str(path)
    assert len(path.read_text().splitlines()) == 1


# Admission.


@pytest.mark.alone
def test_overload_is_told_at_once(make: Make) -> None:
    pool = make(size=1, waiting=0)
    busy = in_background(lambda: run(pool, "sleep", "busy", seconds=0.4))
    time.sleep(0.2)

    def refused() -> None:
        with pytest.raises(Overloaded):
            run(pool, "echo", "other")

    assert elapsed(refused) < 0.1
    busy()
    assert run(pool, "echo", "other", a=1).header == {"a": 1}


@pytest.mark.alone
def test_waiting_is_bounded_in_time(make: Make) -> None:
    pool = make(size=1, waiting=1, wait_seconds=0.2, slow_seconds=9)
    busy = in_background(lambda: run(pool, "sleep", "busy", seconds=1))
    time.sleep(0.2)
    with pytest.raises(Overloaded):
        run(pool, "echo", "other")
    busy()
    assert run(pool, "echo").header == {}


def test_who_waits_is_served_in_time(make: Make) -> None:
    pool = make(size=1, waiting=8)
    calls = [lambda n=n: run(pool, "sleep", str(n), seconds=0.02).header for n in range(8)]
    assert in_threads(calls) == [{"slept": 0.02}] * 8


@pytest.mark.alone
def test_heavy_tasks_take_turns_and_hold_up_nobody(make: Make, tmp_path: Path) -> None:
    pool = make(size=2, slow_seconds=9)

    def heavy(key: str) -> Answer:
        return pool.run("sleep", key, limits=LIMITS, params={"seconds": 0.5}, heavy=True)

    start = time.monotonic()
    both = in_background(lambda: in_threads([lambda: heavy("a"), lambda: heavy("b")]))
    time.sleep(0.2)
    assert elapsed(lambda: run(pool, "echo")) < 0.3
    both()
    assert time.monotonic() - start > 1


@pytest.mark.alone
def test_slow_tasks_let_quick_ones_through(make: Make) -> None:
    pool = make(size=1, slow_seconds=0.1)
    slow = in_background(lambda: run(pool, "sleep", "slow", seconds=1))
    time.sleep(0.2)
    assert elapsed(lambda: run(pool, "echo")) < 0.5
    assert slow().header == {"slept": 1}


@pytest.mark.alone
def test_the_slow_lane_is_bounded(make: Make) -> None:
    pool = make(size=1, waiting=1, wait_seconds=0.2, slow_seconds=0.05)
    slow = [in_background(lambda n=n: run(pool, "sleep", str(n), seconds=1)) for n in range(2)]
    time.sleep(0.5)
    with pytest.raises(Overloaded):
        run(pool, "echo")
    assert [wait().header for wait in slow] == [{"slept": 1}] * 2
    assert in_threads([lambda n=n: run(pool, "echo", str(n)).header for n in range(2)]) == [{}, {}]


# The same at the same time.


def test_equal_tasks_are_done_once(pool: WorkerPool, tmp_path: Path) -> None:
    path = tmp_path / "calls"
    call = lambda: run(pool, "count", path=str(path), seconds=0.3)  # noqa: E731
    answers = in_threads([call] * 6)
    assert len(set(map(str, answers))) == 1
    assert len(path.read_text().splitlines()) == 1


def test_equal_tasks_fill_each_ones_target(pool: WorkerPool, tmp_path: Path) -> None:
    path = tmp_path / "calls"

    def call() -> bytes:
        with tempfile.TemporaryFile() as target:
            params = {"path": str(path), "seconds": 0.3}
            source = io.BytesIO(b"result")
            pool.run("count", "key", limits=LIMITS, params=params, source=source, target=target.fileno())
            target.seek(0)
            return target.read()

    assert in_threads([call] * 4) == [b"result"] * 4
    assert len(path.read_text().splitlines()) == 1


def test_equal_tasks_share_the_error(pool: WorkerPool) -> None:
    assert in_threads([lambda: killed(pool, "hang", limits=SHORT)] * 4) == ["time"] * 4


def test_other_parameters_are_another_task(pool: WorkerPool) -> None:
    answers = in_threads([lambda n=n: run(pool, "echo", n=n).header for n in range(2)])
    assert answers == [{"n": 0}, {"n": 1}]


# The quarantine.


@pytest.mark.alone
@pytest.mark.parametrize(
    ("task", "limits", "reason"),
    [("hang", SHORT, "time"), ("grow", SMALL, "memory"), ("abort", LIMITS, "crash")],
)
def test_what_was_killed_is_remembered_by_all_pools(
    make: Make, tmp_path: Path, task: str, limits: TaskLimits, reason: str
) -> None:
    one, other = make(quarantine=tmp_path / "quarantine"), make(quarantine=tmp_path / "quarantine")
    assert killed(one, task, limits=limits) == reason
    start = time.monotonic()
    assert killed(other, task, limits=limits, other=1) == reason
    assert time.monotonic() - start < 0.1
    assert run(other, "echo").header == {}
    assert run(other, "echo").header == {}


def test_the_quarantine_forgets_after_its_time(make: Make, tmp_path: Path) -> None:
    pool = make(quarantine=tmp_path)
    assert killed(pool, "lie", lie="noise") == "crash"
    assert killed(pool, "lie", lie="repaired") == "crash"
    (entry,) = tmp_path.iterdir()
    os.utime(entry, (0, time.time() - 3601))
    with pytest.raises(TaskFailed):  # it runs, and there is no such lie
        run(pool, "lie", lie="repaired")


def test_the_quarantine_is_bounded(tmp_path: Path) -> None:
    quarantine = Quarantine(tmp_path, limit=5)
    for number in range(10):
        quarantine.remember("task", str(number), "crash")
        (entry,) = set(tmp_path.iterdir()) - {
            path for path in tmp_path.iterdir() if path.stat().st_atime == 0
        }
        os.utime(entry, (0, time.time() - 100 + number))
    assert [n for n in range(10) if quarantine.reason("task", str(n))] == [5, 6, 7, 8, 9]


@pytest.mark.alone
def test_lateness_and_overload_are_not_remembered(make: Make, tmp_path: Path) -> None:
    pool = make(size=1, waiting=0, quarantine=tmp_path / "quarantine")
    assert killed(pool, "sleep", limits=TaskLimits(0.2, 10, 64 * MIB), seconds=1) == "time"
    busy = in_background(lambda: run(pool, "sleep", "busy", seconds=0.3))
    time.sleep(0.15)
    with pytest.raises(Overloaded):
        run(pool, "sleep", seconds=0.01)
    busy()
    assert run(pool, "sleep", seconds=0.01).header == {"slept": 0.01}
    assert not (tmp_path / "quarantine").exists()


def test_a_quarantine_that_cannot_be_written_costs_nothing(make: Make, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    pool = make(quarantine=tmp_path / "file")
    assert [killed(pool, "abort") for _ in range(2)] == ["crash"] * 2


# The end of the web process, and its forks.

SERVICE = """
import sys, threading, time
from pastebin.workers import TaskLimits, Template, WorkerPool
pool = WorkerPool(Template("tests.inprocess.evil_tasks"), size=2, waiting=2)
limits = TaskLimits(60, 60, 2**28)
pool.run("echo", "key", limits=limits)
given = {"limits": limits, "params": {"hide": sys.argv[1] == "True"}}
for task in ("hang", "breed"):
    threading.Thread(target=pool.run, args=(task, "key"), kwargs=given).start()
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_left_of_a_killed_service(number: signal.Signals, isolated: bool) -> None:
    # What leaves its worker's session is only found in a namespace.
    command = [sys.executable, "-c", SERVICE, str(isolated)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout
        assert service.stdout.readline() == "ready\n"
        # The template, the first process of the namespace, two workers, ten children of one.
        left = until(lambda: len(found := started_by(service.pid)) == 14 and found, 10)
        service.send_signal(number)
        until(lambda: not any(map(is_alive, left)), 2)


FORKING = """
import os, psutil
from pastebin.workers import TaskLimits, Template, WorkerPool
template = Template("tests.inprocess.evil_tasks")
pool = WorkerPool(template, size=2, waiting=2)
limits = TaskLimits(60, 60, 2**28)
pool.run("echo", "key", limits=limits)
child = os.fork()
answer = pool.run("echo", "key", limits=limits, params={"a": 1})
assert answer.header == {"a": 1}
children = psutil.Process().children()
assert len(children) == 1 + (child > 0), children
if child:
    assert os.waitpid(child, 0)[1] == 0
    assert pool.run("echo", "key", limits=limits) == ({}, b"")
pool.close()
template.close()
assert psutil.Process().children() == []
print("fine", flush=True)
"""


def test_a_forked_child_has_workers_of_its_own() -> None:
    command = [sys.executable, "-W", "error::ResourceWarning", "-c", FORKING]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=30)
    assert (done.stdout, done.returncode) == ("fine\nfine\n", 0), done.stderr
    assert "Warning" not in done.stderr


@pytest.mark.alone
def test_the_signals_that_stop_a_server_do_not_stop_its_tasks(pool: WorkerPool) -> None:
    task = in_background(lambda: run(pool, "sleep", seconds=0.5))
    time.sleep(0.3)
    template = template_of(os.getpid())
    for process in (template, *started_by(template.pid)):  # and none of the servers that other tests share
        for number in (signal.SIGINT, signal.SIGTERM):
            process.send_signal(number)
    assert task().header == {"slept": 0.5}


def test_many_threads_of_all_kinds(make: Make) -> None:
    pool = make(size=2, waiting=8, wait_seconds=20)
    outcomes: list[str] = []

    def work(number: int) -> None:
        for turn in range(20):
            key = f"{number} {turn}"
            try:
                assert run(pool, "abort" if turn % 7 == 3 else "echo", key, text=key).header == {"text": key}
                outcomes.append("answer")
            except TaskKilled:
                outcomes.append("killed")

    before = threading.active_count()
    in_threads([lambda n=n: work(n) for n in range(8)])
    assert (outcomes.count("answer"), outcomes.count("killed")) == (8 * 17, 8 * 3)
    assert threading.active_count() <= before


@pytest.mark.parametrize("module", ["pastebin.workers", "pastebin.workers.template_main"])
def test_workers_are_lean(module: str) -> None:
    program = f"import sys, {module}; print({{'pyramid', 'sqlalchemy'}} & set(sys.modules))"
    printed = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert printed.stdout == "set()\n"
