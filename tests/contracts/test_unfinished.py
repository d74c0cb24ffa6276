"""Contents that come in over several requests, in a folder and in two stores as one."""

import shutil
from pathlib import Path

import pytest

from pastebin.models import make_engine
from pastebin.storage import (
    BlobStore,
    DatabaseBlobStore,
    FolderBlobStore,
    TieredBlobStore,
    UnfinishedFolder,
)
from tests.contracts.unfinished import UnfinishedContract
from tests.inprocess import make_sqlite_template


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an empty database to copy."""
    return make_sqlite_template(tmp_path_factory.mktemp("template"))


class TestUnfinishedInFolder(UnfinishedContract):
    """Every content becomes a file."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> FolderBlobStore:
        """Give an empty store."""
        return FolderBlobStore(tmp_path / "files")

    @pytest.fixture
    def unfinished(self, store: FolderBlobStore) -> UnfinishedFolder:
        """Give its unfinished contents."""
        return store.unfinished_contents()


class TestUnfinishedInTwoStores(UnfinishedContract):
    """A small content becomes a row."""

    @pytest.fixture
    def store(self, tmp_path: Path, template: Path) -> BlobStore:
        """Give an empty store."""
        shutil.copy(template, tmp_path)
        engine = make_engine(f"sqlite:///{tmp_path / template.name}")
        return TieredBlobStore(DatabaseBlobStore(engine), FolderBlobStore(tmp_path / "files"), 64 * 2**10)

    @pytest.fixture
    def unfinished(self, store: TieredBlobStore) -> UnfinishedFolder:
        """Give its unfinished contents."""
        return store.unfinished
