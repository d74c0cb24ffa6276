"""Many small uploads: texts and screenshots of 10 KB, to every shape of ours and to the peers, in turn."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from itertools import product
from statistics import median

import contents
import ours
import uploads
from contents import Kind
from effort import Effort
from load import LoadError, processor_seconds, settle
from peers import Bepasty, Copyparty
from results import OURS, Goal, Limit, Measurement, alternate

from tests.servers import ServerProcess

CLIENTS = 8
IDLE_SECONDS = 0.2
"""What a server still does for an upload after its answer is done by then, and counted."""
DATABASES = {"embedded": "SQLite", "production": "MariaDB"}

# copyparty that keeps the same bytes only once, by a database of what there is; by default it does not.
DEDUP = "copyparty -e2d --dedup"

OUR_FORM = uploads.Form("/", 201)
BEPASTY_FORM = uploads.Form("/+upload", 302)
COPYPARTY_FORM = uploads.Form("/", 201, field="f", action="bput")


@dataclass
class Side:
    """One server: its processes, those of its database and cache, and what each round of a kind found."""

    name: str
    form: uploads.Form
    servers: list[ServerProcess]
    backing: list[ServerProcess]
    stored: Callable[[], int]
    service: ours.Service | None = None
    rounds: list[uploads.Sent] = field(default_factory=list)
    work: list[float] = field(default_factory=list)
    backing_work: list[float] = field(default_factory=list)

    def upload(self, prepared: uploads.Prepared, seconds: float) -> float:
        """Upload for a round; return the rate, once what is stored is what was acknowledged."""
        settle()
        groups = [[one.pid for one in group] for group in (self.servers, self.backing)]
        stored = self.stored()
        before = [processor_seconds(group) for group in groups]
        ports = [one.port for one in self.servers]
        sent = uploads.send(prepared, ports, clients=CLIENTS, seconds=seconds)
        time.sleep(IDLE_SECONDS)
        spent = [processor_seconds(group) - start for group, start in zip(groups, before, strict=True)]
        self._verify(sent, self.stored() - stored)
        self.rounds.append(sent)
        self.work.append(spent[0] / sent.accepted * 1e3)
        self.backing_work.append(spent[1] / sent.accepted * 1e3)
        return sent.rate

    def _verify(self, sent: uploads.Sent, grown: int) -> None:
        """Raise LoadError unless the server stored what it acknowledged.

        When a round ends each client may have an upload under way that nobody waits for.
        """
        if not sent.accepted or not sent.accepted <= grown <= sent.accepted + sent.errors + CLIENTS:
            raise LoadError(
                f"{self.name}: {sent.accepted} uploads acknowledged, {grown} stored, {sent.errors} errors: "
                f"{sent.first or 'no answer'}"
            )

    def forget(self) -> None:
        """Begin another kind."""
        self.rounds, self.work, self.backing_work = [], [], []


def small(effort: Effort) -> Iterator[Measurement]:
    """Upload each kind for some rounds, to one server after the other in each."""
    # The folder stays until the end of the run: ext4 avoids the inodes of what was removed for up to
    # five minutes and looks for others one by one, which makes every new file slower, whoever writes it.
    with ExitStack() as stack:
        sides = [*_ours(effort, stack), *_peers(effort, stack)]
        for name in effort.kinds:
            measured = _measured(effort, contents.KINDS[name](), sides)
            if name == effort.kinds[-1]:
                measured.notes += {ours.check(side.service.apps[0]) for side in sides if side.service}
            yield measured


def _ours(effort: Effort, stack: ExitStack) -> Iterator[Side]:
    for (shape, database), durability, processes in product(DATABASES.items(), ("full", "relaxed"), (1, 2)):
        name = (
            f"{OURS}, {database}"
            + ", relaxed" * (durability == "relaxed")
            + ", 2 processes" * (processes == 2)
        )
        if effort.is_chosen(name):
            folder = effort.subfolder(f"small-{shape}-{durability}-{processes}")
            service = stack.enter_context(ours.running(shape, folder, processes, durability=durability))
            yield Side(name, OUR_FORM, [*service.apps], service.backing, service.stored, service)


def _peers(effort: Effort, stack: ExitStack) -> Iterator[Side]:
    folder = effort.subfolder("small-peers")
    peers: dict[str, tuple[Bepasty | Copyparty, uploads.Form]] = {
        "bepasty": (Bepasty(folder / "bepasty", processes=2), BEPASTY_FORM),
        "copyparty": (Copyparty(folder / "copyparty"), COPYPARTY_FORM),
        DEDUP: (Copyparty(folder / "dedup", "-e2d", "--dedup"), COPYPARTY_FORM),
    }
    for name, (server, form) in peers.items():
        if effort.is_chosen(name):
            entered: AbstractContextManager = server
            stack.enter_context(entered)
            yield Side(name, form, [server], [], server.stored)


def _measured(effort: Effort, kind: Kind, sides: list[Side]) -> Measurement:
    prepared = {side.form: uploads.prepare(kind, side.form, effort.folder) for side in sides}
    for side in sides:
        side.upload(prepared[side.form], 1)  # threads and connections are made before it counts
        side.forget()
    figures = alternate(
        {side.name: _uploading(side, prepared[side.form], effort.seconds) for side in sides}, effort.rounds
    )
    errors = {side.name: sum(sent.errors for sent in side.rounds) for side in sides}
    return Measurement(
        f"upload-small-{kind.name}",
        f"10 KB {kind.title} by form, {CLIENTS} clients",
        "uploads/s",
        figures,
        _goals(figures),
        [Limit("every upload is acknowledged", sum(errors.values()), 0, "errors")],
        _notes(sides),
        baseline="bepasty" if "bepasty" in figures else sides[-1].name,
        work={side.name: side.work for side in sides},
        backing_work={side.name: side.backing_work for side in sides if side.backing},
        errors=errors,
    )


def _uploading(side: Side, prepared: uploads.Prepared, seconds: float) -> Callable[[], float]:
    return lambda: side.upload(prepared, seconds)


def _goals(figures: dict[str, list[float]]) -> list[Goal]:
    """Return what each shape of ours is to reach; more where a power cut may cost the last second."""
    return [
        Goal(f"{side.removeprefix(f'{OURS}, ')}: ≥ {factor} × {peer}", peer, factor, side)
        for side in figures
        for peer, factor in _factors(side).items()
        if peer in figures
    ]


def _factors(side: str) -> dict[str, float]:
    if not side.startswith(OURS):
        return {}
    if "relaxed" in side:
        return {"bepasty": 1.2}
    return {"bepasty": 1.1} if "2 processes" in side else {"bepasty": 0.9, DEDUP: 1.3}


def _notes(sides: list[Side]) -> list[str]:
    waits = "; ".join(
        f"{side.name} {median(sent.median for sent in side.rounds):.1f} / "
        f"{median(sent.slow for sent in side.rounds):.1f} ms"
        for side in sides
    )
    client = max(sent.client / sent.seconds for side in sides for sent in side.rounds)
    wrong = [f"{side.name}: {sent.first}" for side in sides for sent in side.rounds if sent.first]
    return [
        f"Latency, median / 99 %, medians of the rounds: {waits}.",
        f"The client took at most {client:.0%} of a core; bepasty has two processes, copyparty one.",
        "Every answer's status was checked, and that as many files were stored as were acknowledged.",
        *[f"First wrong answer of {text!r}." for text in wrong],
    ]
