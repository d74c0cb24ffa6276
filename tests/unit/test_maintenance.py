"""What an operator runs: `check` finds every fault, `sweep` takes only what nobody needs, in both tiers."""

import hashlib
import os
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from pastebin.models import Content, PasteFile
from pastebin.services import Services, maintenance, packing
from pastebin.services.maintenance import GRACE, Fault, MaintenanceService, SweepRefused, Swept
from pastebin.storage import TieredBlobStore
from tests.inprocess import Service, contents, migrate

LONG_AGO = 10 * GRACE


def services_of(service: Service) -> Services:
    services: Services = service.registry.services
    return services


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Tier:
    """One of the places where contents lie, and what may happen to them there."""

    def __init__(self, service: Service, inline_size: int) -> None:
        self.service = service
        self.store: TieredBlobStore = services_of(service).store
        self.inline_size = inline_size

    def change(self, statement: Any) -> None:
        with self.service.session() as session, session.begin():
            session.execute(statement)
        self.store.small.forget()

    def uploaded(self, data: bytes, name: str = "a.bin") -> str:
        """Upload a file and return the SHA-256 of its content."""
        self.service.filehash(data, name)
        return digest(data)

    def orphan(self, data: bytes, age: float = LONG_AGO) -> str:
        """Put a content that no row refers to, some seconds ago."""
        with self.store.writer() as writer, self.service.registry.services.engine.begin() as connection:
            writer.write(data)
            self.store.commit(connection, [writer.stage()])
        self.age(digest(data), age)
        return digest(data)

    def age(self, sha256: str, age: float) -> None:
        """Make a content look as old as that, in seconds."""
        raise NotImplementedError

    def lose(self, sha256: str) -> None:
        """Remove a content."""
        raise NotImplementedError

    def damage(self, sha256: str, data: bytes) -> None:
        """Put other bytes into its place."""
        raise NotImplementedError


class Rows(Tier):
    """The table `Content`."""

    def age(self, sha256: str, age: float) -> None:
        self.change(update(Content).where(Content.sha256 == sha256).values(put_at=int(time.time() - age)))

    def lose(self, sha256: str) -> None:
        self.change(delete(Content).where(Content.sha256 == sha256))

    def damage(self, sha256: str, data: bytes) -> None:
        self.change(update(Content).where(Content.sha256 == sha256).values(data=data))


class Files(Tier):
    """The folder."""

    def place(self, sha256: str) -> Path:
        return self.store.large.path(sha256)

    def age(self, sha256: str, age: float) -> None:
        make_old(self.place(sha256), age)

    def lose(self, sha256: str) -> None:
        self.place(sha256).unlink()

    def damage(self, sha256: str, data: bytes) -> None:
        self.place(sha256).write_bytes(data)


def make_old(path: Path, age: float) -> Path:
    then = time.time() - age
    os.utime(path, (then, then))
    return path


@pytest.fixture(params=["rows", "files"])
def tier(request: pytest.FixtureRequest, service: Service, monkeypatch: pytest.MonkeyPatch) -> Tier:
    """Give each tier in turn; small uploads go there."""
    found: Tier = Rows(service, 1000) if request.param == "rows" else Files(service, 0)
    monkeypatch.setattr(found.store, "inline_size", found.inline_size)
    return found


@pytest.fixture
def work(service: Service) -> MaintenanceService:
    """Give the service's maintenance."""
    return services_of(service).maintenance


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a few contents be more than a batch, and many."""
    monkeypatch.setattr(maintenance, "BATCH", 2)
    monkeypatch.setattr(packing, "BATCH", 2)
    monkeypatch.setattr(maintenance, "MANY", 5)


def change_rows(service: Service, **values: object) -> None:
    with service.session() as session, session.begin():
        session.execute(update(PasteFile).values(**values))


# check


def test_nothing_is_wrong_with_nothing(service: Service, work: MaintenanceService) -> None:
    assert service.rows() == []
    assert list(work.check()) == []
    assert work.count_contents() == 0


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_each_content_is_checked_once(tier: Tier, work: MaintenanceService, count: int) -> None:
    for number in range(count):
        for name in ("a.bin", "b.bin"):
            tier.uploaded(bytes([number]), name)
    assert work.count_contents() == count
    assert list(work.check()) == [None] * count


def test_a_missing_content_is_a_fault(tier: Tier, work: MaintenanceService) -> None:
    missing = tier.uploaded(b"missing")
    tier.uploaded(b"there")
    tier.lose(missing)
    [fault] = filter(None, work.check())
    assert fault == Fault(missing, "the content is missing")


@pytest.mark.parametrize("damage", [b"damagee", b"damage", b"damaged!", b"", b"DAMAGED"])
def test_a_damaged_content_is_a_fault(tier: Tier, work: MaintenanceService, damage: bytes) -> None:
    damaged = tier.uploaded(b"damaged")
    tier.damage(damaged, damage)
    [fault] = work.check()
    assert fault is not None
    assert fault.subject == damaged
    assert digest(damage) in fault.message


@pytest.mark.parametrize("values", [{"size": 5}, {"filemd5": "0" * 32}])
def test_a_row_that_states_what_is_not_so_is_a_fault(
    service: Service, tier: Tier, work: MaintenanceService, values: dict[str, object]
) -> None:
    tier.uploaded(b"text")
    change_rows(service, **values)
    [fault] = work.check()
    assert fault is not None
    assert "row" in fault.message


def test_every_fault_is_found_across_batches(tier: Tier, work: MaintenanceService) -> None:
    uploaded = [tier.uploaded(bytes([number])) for number in range(7)]
    for sha256 in uploaded[::2]:
        tier.lose(sha256)
    assert {fault.subject for fault in work.check() if fault} == set(uploaded[::2])


def test_a_row_of_the_older_service_without_content_is_a_fault(
    service: Service, work: MaintenanceService
) -> None:
    filehash = service.filehash(b"text", "a.bin")
    change_rows(service, sha256=None)
    assert [fault.subject for fault in work.check() if fault] == [filehash]


def test_such_a_row_is_no_fault_while_the_legacy_folder_has_its_file(
    service: Service, tmp_path: Path
) -> None:
    filehash = service.filehash(b"text", "a.bin")
    change_rows(service, sha256=None)
    (tmp_path / filehash).write_bytes(b"text")
    services = services_of(service)
    work = MaintenanceService(services.sessions, services.store, services.legacy_folder(tmp_path))
    assert list(work.check()) == []


def test_check_changes_nothing(service: Service, tier: Tier, work: MaintenanceService) -> None:
    tier.uploaded(b"text")
    before = ([(one.sha256, one.size, one.put_at) for one in tier.store], service.rows()[0].uploadtime)
    list(work.check())
    after = ([(one.sha256, one.size, one.put_at) for one in tier.store], service.rows()[0].uploadtime)
    assert after == before


# sweep


def test_a_content_with_a_row_stays_however_old(
    service: Service, tier: Tier, work: MaintenanceService
) -> None:
    uploaded = [tier.uploaded(bytes([number])) for number in range(5)]
    for sha256 in uploaded:
        tier.age(sha256, LONG_AGO)
    assert work.sweep() == Swept()
    assert work.sweep(grace=-1) == Swept()
    assert service.contents() == sorted(uploaded)


def test_an_old_content_without_a_row_goes(service: Service, tier: Tier, work: MaintenanceService) -> None:
    tier.uploaded(b"kept")
    for number in range(5):
        tier.orphan(bytes([number]) * 10)
    assert work.sweep(dry_run=True) == Swept(contents=5, size=50)
    assert len(service.contents()) == 6
    assert work.sweep() == Swept(contents=5, size=50)
    assert service.contents() == [digest(b"kept")]
    assert service.leftovers() == []
    assert work.sweep() == Swept()


def test_a_young_content_without_a_row_may_be_an_upload_on_its_way(
    service: Service, tier: Tier, work: MaintenanceService
) -> None:
    young = tier.orphan(b"young", age=GRACE / 2)
    assert work.sweep() == Swept()
    assert service.contents() == [young]
    assert work.sweep(grace=GRACE / 4).contents == 1


def test_a_content_put_again_is_young_again(service: Service, tier: Tier, work: MaintenanceService) -> None:
    tier.orphan(b"again")
    again = tier.orphan(b"again", age=0)
    assert work.sweep() == Swept()
    assert service.contents() == [again]


def test_an_upload_between_looking_and_removing_keeps_its_content(
    tier: Tier, work: MaintenanceService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row was not there when the sweep asked; the upload's fresh time is what saves the content."""
    tier.orphan(b"race")
    remove = tier.store.remove

    def upload_first(sha256: str, unless_put_after: float) -> bool:
        tier.uploaded(b"race")
        return remove(sha256, unless_put_after)

    monkeypatch.setattr(tier.store, "remove", upload_first)
    assert work.sweep() == Swept()
    assert list(work.check()) == [None]


def test_stale_temporary_files_go_and_young_ones_stay(service: Service, work: MaintenanceService) -> None:
    folder = service.files / "tmp"
    for name, age in (("stale", LONG_AGO), ("young", 0.0)):
        (folder / name).write_bytes(b"part of an upload")
        make_old(folder / name, age)
    assert work.sweep() == Swept(temporaries=1)
    assert [path.name for path in service.leftovers()] == ["young"]
    (folder / "young").unlink()


def test_what_is_no_content_is_left_alone(service: Service, work: MaintenanceService) -> None:
    strangers = [service.files / "00" / name for name in ("README", "0" * 63, "0" * 64 + ".bak")]
    for path in strangers:
        path.write_bytes(b"somebody's")
        make_old(path, LONG_AGO)
    assert work.sweep() == Swept()
    assert all(path.exists() for path in strangers)


def test_a_sweep_that_would_take_much_is_refused(
    service: Service, tier: Tier, work: MaintenanceService
) -> None:
    for number in range(6):
        tier.orphan(bytes([number]))
    with pytest.raises(SweepRefused, match="6 of 6 contents have no link"):
        work.sweep()
    assert len(service.contents()) == 6
    assert work.sweep(force=True).contents == 6


def test_what_is_much_is_measured_by_all_there_is(tier: Tier, work: MaintenanceService) -> None:
    for number in range(60):
        tier.uploaded(b"kept %d" % number)
    for number in range(6):
        tier.orphan(bytes([number]))
    assert work.sweep().contents == 6


def test_a_sweep_is_refused_while_rows_have_lost_their_contents(
    service: Service, tier: Tier, work: MaintenanceService
) -> None:
    tier.age(tier.uploaded(b"text"), LONG_AGO)
    change_rows(service, sha256=None)
    with pytest.raises(SweepRefused, match="1 links have no content"):
        work.sweep()
    assert work.sweep(dry_run=True).contents == 1
    assert service.contents() == [digest(b"text")]


# repair


def test_what_a_migration_down_and_up_lost_is_found_again(
    service: Service, tier: Tier, work: MaintenanceService
) -> None:
    said = {data: service.upload(data, "a.png").json for data in (b"one", b"other", contents.image())}
    copy = service.upload(b"one", "copy.txt").json
    list(services_of(service).packing.unpack())
    services_of(service).engine.dispose()
    migrate(service.data, revision="0001", down=True, losing=True)
    migrate(service.data)
    services_of(service).generation.renew()
    assert len([fault for fault in work.check() if fault]) == 4
    assert sum(services_of(service).repair.repair()) == 4
    assert list(work.check()) == [None] * 3
    for data, answer in said.items():
        assert service.ask(answer["url_d"]).body == data
        assert service.upload(data, "a.png").json["url_p"] == answer["url_p"]
    assert service.ask(copy["url_d"]).body == b"one"
    assert service.ask(said[contents.image()]["url_i"] + "?w=10").status_int == 200
    assert tier.store is services_of(service).store


def test_contents_with_one_md5_are_not_taken_for_each_other(service: Service, tier: Tier) -> None:
    for number, data in enumerate(contents.COLLIDING):
        tier.uploaded(data, f"{number}.bin")
    change_rows(service, sha256=None)
    assert sum(services_of(service).repair.repair()) == 0


def test_a_damaged_content_repairs_nothing(service: Service, tier: Tier) -> None:
    tier.damage(tier.uploaded(b"text"), b"TEXT")
    change_rows(service, sha256=None)
    assert sum(services_of(service).repair.repair()) == 0


# pack


def test_small_files_move_into_the_database_and_back(
    service: Service, monkeypatch: pytest.MonkeyPatch, work: MaintenanceService
) -> None:
    services = services_of(service)
    monkeypatch.setattr(services.store, "inline_size", 0)
    said = {data: service.upload(data).json["url_d"] for data in (b"", b"a", b"b" * 500, b"c" * 1001)}
    for sha256 in service.contents():
        make_old(services.store.large.path(sha256), 60)
    monkeypatch.setattr(services.store, "inline_size", 1000)
    assert sum(services.packing.pack()) == 3
    assert [stored.size for stored in services.store.large] == [1001]
    assert sum(services.packing.pack()) == 0
    assert list(work.check()) == [None] * 4
    for data, address in said.items():
        assert service.ask(address).body == data
    assert sum(services.packing.unpack()) == 3
    assert list(services.store.small) == []
    for data, address in said.items():
        assert service.ask(address).body == data


def test_what_is_damaged_stays_a_file(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    services = services_of(service)
    files = Files(service, 0)
    monkeypatch.setattr(services.store, "inline_size", 0)
    damaged = files.uploaded(b"text")
    files.damage(damaged, b"TEXT")
    files.age(damaged, 60)
    monkeypatch.setattr(services.store, "inline_size", 1000)
    assert sum(services.packing.pack()) == 0
    assert [stored.sha256 for stored in services.store.large] == [damaged]


def test_packing_that_was_interrupted_is_done_again(
    service: Service, monkeypatch: pytest.MonkeyPatch, work: MaintenanceService
) -> None:
    services = services_of(service)
    monkeypatch.setattr(services.store, "inline_size", 0)
    address = service.upload(b"text").json["url_d"]
    make_old(services.store.large.path(digest(b"text")), 60)
    monkeypatch.setattr(services.store, "inline_size", 1000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services.store.large, "remove", lambda *_: pytest.fail("interrupted"))
        with pytest.raises(pytest.fail.Exception):
            list(services.packing.pack())
    assert len(list(services.store)) == 2
    assert list(work.check()) == [None]
    assert service.ask(address).body == b"text"
    assert sum(services.packing.pack()) == 1
    assert [stored.sha256 for stored in services.store] == [digest(b"text")]
