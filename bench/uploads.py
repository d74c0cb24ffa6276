"""Small uploads by wrk: no two are alike, every answer is checked, and one thread sends them all."""

import itertools
import json
import resource
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from contents import DIGITS, Kind
from load import FORM, HOST, form_around, request

SCRIPT = Path(__file__).with_name("upload.lua")
_HOLE = "0" * DIGITS
_seeds = itertools.count(1)


@dataclass(frozen=True)
class Form:
    """How a server wants a file: the path, the field, what a field `act` says, the status of success."""

    path: str
    status: int
    field: str = "file"
    action: str = ""


@dataclass(frozen=True)
class Prepared:
    """Whole requests in a file, for upload.lua: the length of each, and the offsets of what it fills in."""

    file: Path
    status: int
    length: int
    name: int
    content: int
    checksum: int


@dataclass
class Sent:
    """What became of uploads: those acknowledged, other answers, connections broken; times in ms."""

    accepted: int
    wrong: int
    broken: int
    seconds: float
    median: float
    slow: float
    first: str
    client: float = 0.0
    """Processor seconds of wrk itself."""

    @property
    def rate(self) -> float:
        """Return acknowledged uploads a second."""
        return self.accepted / self.seconds

    @property
    def errors(self) -> int:
        """Return how many uploads were not acknowledged."""
        return self.wrong + self.broken


def prepare(kind: Kind, form: Form, folder: Path) -> Prepared:
    """Write the requests of one kind for one sort of server into `folder`."""
    head, tail = form_around(
        kind.filename.format(_HOLE), kind.media_type, field=form.field, action=form.action
    )
    requests = [request("POST", form.path, FORM, body=head + body + tail) for body in kind.bodies]
    file = folder / f"{kind.name}{form.path.replace('/', '-')}-{form.field}"
    file.write_bytes(b"".join(requests))
    body = requests[0].index(head) + len(head)
    checksum = body + kind.checksum if kind.checksum else 0
    name = requests[0].index(_HOLE.encode())
    return Prepared(file, form.status, len(requests[0]), name, body + kind.hole, checksum)


def send(prepared: Prepared, ports: Sequence[int], *, clients: int, seconds: float) -> Sent:
    """Upload for some seconds; with several ports each has as many clients as the others."""
    before = _children_seconds()
    running = [_wrk(prepared, port, clients // len(ports), seconds) for port in ports]
    found = [_result(process) for process in running]
    whole = found[0]
    for other in found[1:]:
        whole = _together(whole, other)
    return replace(whole, client=_children_seconds() - before)


def _wrk(prepared: Prepared, port: int, clients: int, seconds: float) -> subprocess.Popen[str]:
    numbers = (prepared.length, prepared.name, prepared.content, prepared.checksum, next(_seeds))
    options = ("-t1", f"-c{clients}", f"-d{max(1, round(seconds))}s", "--timeout", "30s", "-s", str(SCRIPT))
    arguments = (str(prepared.file), *map(str, numbers), str(prepared.status))
    command = ["wrk", *options, f"http://{HOST}:{port}", "--", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _result(process: subprocess.Popen[str]) -> Sent:
    printed, _ = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args, printed)
    found = json.loads(printed.strip().splitlines()[-1])
    return Sent(**{**found, "first": bytes.fromhex(found["first"]).decode(errors="replace")})


def _together(one: Sent, other: Sent) -> Sent:
    """Add what two wrks sent at the same time; of the times the worse."""
    return Sent(
        one.accepted + other.accepted,
        one.wrong + other.wrong,
        one.broken + other.broken,
        max(one.seconds, other.seconds),
        max(one.median, other.median),
        max(one.slow, other.slow),
        one.first or other.first,
    )


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
