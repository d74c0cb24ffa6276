"""What an operator runs: `check` finds every fault, `sweep` takes only what nobody needs."""

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from pastebin.models import PasteFile
from pastebin.services import maintenance
from pastebin.services.maintenance import GRACE, Fault, MaintenanceService, Swept
from pastebin.storage import FolderBlobStore
from tests.inprocess import Service

LONG_AGO = 10 * GRACE


@pytest.fixture
def session(service: Service) -> Iterator[Session]:
    """Give a session, ended after the test."""
    with service.session() as session:
        yield session


@pytest.fixture
def work(service: Service, session: Session) -> MaintenanceService:
    """Give the service's maintenance, which takes small batches."""
    return MaintenanceService(session, store_of(service))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a few contents be more than a batch."""
    monkeypatch.setattr(maintenance, "BATCH", 2)


def store_of(service: Service) -> FolderBlobStore:
    store = service.registry.services.store
    assert isinstance(store, FolderBlobStore)
    return store


def uploaded(service: Service, data: bytes, name: str = "a.bin") -> Path:
    """Upload a file and return where its content is."""
    service.filehash(data, name)
    return store_of(service).path(hashlib.sha256(data).hexdigest())


def orphan(service: Service, data: bytes, age: float = LONG_AGO) -> Path:
    """Put a content that no row refers to, some seconds ago, and return where it is."""
    with store_of(service).writer() as writer:
        writer.write(data)
        place = store_of(service).path(writer.keep().sha256)
    return aged(place, age)


def aged(path: Path, age: float) -> Path:
    """Make a file look as old as that, in seconds."""
    then = time.time() - age
    os.utime(path, (then, then))
    return path


def change_rows(service: Service, **values: object) -> None:
    with service.session() as session, session.begin():
        session.execute(update(PasteFile).values(**values))


# check


def test_nothing_is_wrong_with_nothing(work: MaintenanceService) -> None:
    assert list(work.check()) == []
    assert work.count_contents() == 0


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_each_content_is_checked_once(service: Service, work: MaintenanceService, count: int) -> None:
    for number in range(count):
        for name in ("a.bin", "b.bin"):
            uploaded(service, bytes([number]), name)
    assert work.count_contents() == count
    assert list(work.check()) == [None] * count


def test_a_missing_content_is_a_fault(service: Service, work: MaintenanceService) -> None:
    place = uploaded(service, b"missing")
    uploaded(service, b"there")
    place.unlink()
    [fault] = filter(None, work.check())
    assert fault == Fault(place.name, "the content is missing")


@pytest.mark.parametrize("damage", [b"damagee", b"damage", b"damaged!", b"", b"DAMAGED"])
def test_a_damaged_content_is_a_fault(service: Service, work: MaintenanceService, damage: bytes) -> None:
    place = uploaded(service, b"damaged")
    place.write_bytes(damage)
    [fault] = work.check()
    assert fault is not None
    assert fault.subject == place.name
    assert hashlib.sha256(damage).hexdigest() in fault.message


@pytest.mark.parametrize("values", [{"size": 5}, {"filemd5": "0" * 32}])
def test_a_row_that_states_what_is_not_so_is_a_fault(
    service: Service, work: MaintenanceService, values: dict[str, object]
) -> None:
    uploaded(service, b"text")
    change_rows(service, **values)
    [fault] = work.check()
    assert fault is not None
    assert "row" in fault.message


def test_every_fault_is_found_across_batches(service: Service, work: MaintenanceService) -> None:
    places = [uploaded(service, bytes([number])) for number in range(7)]
    for place in places[::2]:
        place.unlink()
    found = {fault.subject for fault in work.check() if fault}
    assert found == {place.name for place in places[::2]}


def test_a_row_of_the_older_service_without_content_is_a_fault(
    service: Service, work: MaintenanceService
) -> None:
    filehash = service.filehash(b"text", "a.bin")
    change_rows(service, sha256=None)
    assert [fault.subject for fault in work.check() if fault] == [filehash]


def test_such_a_row_is_no_fault_while_the_legacy_folder_has_its_file(
    service: Service, session: Session, tmp_path: Path
) -> None:
    filehash = service.filehash(b"text", "a.bin")
    change_rows(service, sha256=None)
    (tmp_path / filehash).write_bytes(b"text")
    legacy = service.registry.services.legacy_folder(tmp_path)
    assert list(MaintenanceService(session, store_of(service), legacy).check()) == []


def test_check_changes_nothing(service: Service, work: MaintenanceService) -> None:
    place = uploaded(service, b"text")
    before = (place.stat(), [row.uploadtime for row in service.rows()])
    list(work.check())
    after = place.stat()
    assert (after.st_mtime_ns, after.st_size) == (before[0].st_mtime_ns, before[0].st_size)
    assert [row.uploadtime for row in service.rows()] == before[1]


# sweep


def test_a_content_with_a_row_stays_however_old(service: Service, work: MaintenanceService) -> None:
    places = [aged(uploaded(service, bytes([number])), LONG_AGO) for number in range(5)]
    assert work.sweep() == Swept()
    assert work.sweep(grace=-1) == Swept()
    assert all(place.exists() for place in places)


def test_an_old_content_without_a_row_goes(service: Service, work: MaintenanceService) -> None:
    uploaded(service, b"kept")
    for number in range(5):
        orphan(service, bytes([number]) * 10)
    assert work.sweep() == Swept(contents=5, size=50)
    assert service.contents() == [hashlib.sha256(b"kept").hexdigest()]
    assert service.leftovers() == []
    assert work.sweep() == Swept()


def test_a_young_content_without_a_row_may_be_an_upload_on_its_way(
    service: Service, work: MaintenanceService
) -> None:
    place = orphan(service, b"young", age=GRACE / 2)
    assert work.sweep() == Swept()
    assert place.exists()
    assert work.sweep(grace=GRACE / 4).contents == 1


def test_a_content_put_again_is_young_again(service: Service, work: MaintenanceService) -> None:
    orphan(service, b"again")
    place = orphan(service, b"again", age=0)
    assert work.sweep() == Swept()
    assert place.exists()


def test_an_upload_between_looking_and_removing_keeps_its_content(
    service: Service, work: MaintenanceService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row was not there when the sweep asked; the upload's fresh time is what saves the content."""
    orphan(service, b"race")
    remove = FolderBlobStore.remove

    def upload_first(store: FolderBlobStore, sha256: str, unless_put_after: float) -> bool:
        uploaded(service, b"race")
        return remove(store, sha256, unless_put_after)

    monkeypatch.setattr(FolderBlobStore, "remove", upload_first)
    assert work.sweep() == Swept()
    assert list(work.check()) == [None]


def test_stale_temporary_files_go_and_young_ones_stay(service: Service, work: MaintenanceService) -> None:
    folder = service.files / "tmp"
    for name, age in (("stale", LONG_AGO), ("young", 0.0)):
        (folder / name).write_bytes(b"part of an upload")
        aged(folder / name, age)
    assert work.sweep() == Swept(temporaries=1)
    assert [path.name for path in service.leftovers()] == ["young"]
    (folder / "young").unlink()


def test_what_is_no_content_is_left_alone(service: Service, work: MaintenanceService) -> None:
    strangers = [service.files / "00" / name for name in ("README", "0" * 63, "0" * 64 + ".bak")]
    for path in strangers:
        path.write_bytes(b"somebody's")
        aged(path, LONG_AGO)
    assert work.sweep() == Swept()
    assert all(path.exists() for path in strangers)
