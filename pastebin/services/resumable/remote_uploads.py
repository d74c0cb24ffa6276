"""Uploads whose bytes come from another server, while nobody waits: a thread fetches them."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from ...errors import NotFound, PastebinError, RemoteFailed, Unavailable
from ...models import summary_of
from ...remote import Deadline
from ...storage import Unfinished, UnfinishedFolder
from ..remote_files import RemoteFiles, name_of, receive
from .completion import Completion, give_up
from .records import NewUpload, UploadState
from .service import ResumableService

log = logging.getLogger(__name__)

# How often a fetch is looked at, which may have been given up, in seconds.
LOOK_EVERY = 0.5

INTERRUPTED = RemoteFailed("The service was stopped while it fetched this. Ask for it again.")


class RemoteUploads:
    """Begins fetches, and tells how far they are.

    The thread that fetches holds the content. So one that nobody holds, and that is neither a file nor has
    failed, was ended with its process.
    """

    def __init__(
        self,
        folder: UnfinishedFolder,
        resumable: ResumableService,
        completion: Completion,
        files: RemoteFiles,
    ) -> None:
        self._folder = folder
        self._resumable = resumable
        self._completion = completion
        self._files = files

    def begin(self, url: str, wanted: NewUpload, address: str, maker: str | None) -> UploadState:
        """Begin to fetch, and return where the upload stands; Overloaded, and what `create` raises."""
        with ExitStack() as undo:
            self._files.slots.take(address)
            undo.callback(self._files.slots.give_back, address)
            name = self._resumable.create(replace(wanted, is_fetch=True), address, maker)
            undo.callback(self._resumable.forget, name)
            content = self._folder.open(name)
            if content is None:
                raise Unavailable("The upload could not be begun.")
            undo.callback(content.close)
            content.hold()
            state = self._completion.told(content, self._completion.record(content))
            thread = Thread(target=self._run, args=(content, url, address), name="fetch", daemon=True)
            thread.start()
            undo.pop_all()
        return state

    def look(self, state: UploadState, address: str) -> UploadState:
        """Return a state with what became of a fetch whose process has ended."""
        if _may_be_under_way(state) and not self._is_held(state.name):
            state = self._resumable.state(state.name, address)  # how it ended may have been noted just now
            if _may_be_under_way(state):
                failure = INTERRUPTED.code, INTERRUPTED.message
                return replace(state, record=replace(state.record, failure=failure))
        return state

    def _is_held(self, name: str) -> bool:
        content = self._folder.open(name)
        if content is None:
            raise NotFound("There is no such upload.")
        with content:
            return content.is_held

    def _run(self, content: Unfinished, url: str, address: str) -> None:
        """Fetch, and make a file of it; whoever looks is told what went wrong."""
        deadline = self._files.deadline()
        with content, _ended_when_removed(content, deadline):
            try:
                self._fetch(content, url, address, deadline)
            except PastebinError as error:
                self._fail(content, error)
            except SQLAlchemyError as error:
                log.error("A fetch failed: %s", summary_of(error))
                self._fail(content, Unavailable("The database does not answer. Ask for it again."))
            finally:
                self._files.slots.give_back(address)

    def _fetch(self, content: Unfinished, url: str, address: str, deadline: Deadline) -> None:
        with content.state.locked():
            record = self._completion.record(content)
        limit = self._resumable.most(record.max_size)
        with self._files.opened(url, limit, deadline) as file:
            self._resumable.require_room(file.length or 0, record.max_size)
            name = name_of(file, record.terms.get("title", ""))
            with content.state.locked():
                content.state.save_note(replace(record, filename=name, expected=file.length).note())
            receive(file, _Shared(content), limit)
        self._complete(content, address)

    def _complete(self, content: Unfinished, address: str) -> None:
        with content.exclusive():
            record = replace(self._completion.record(content), length=content.size)
            content.state.save_note(record.note())
            self._completion.complete(content, record, address, may_be_done=False)

    def _fail(self, content: Unfinished, error: PastebinError) -> None:
        with suppress(NotFound), content.exclusive():  # NotFound: somebody has given it up
            record = self._completion.record(content)
            if record.failure is None:
                give_up(content, record, error)


def _may_be_under_way(state: UploadState) -> bool:
    """Tell whether an upload is a fetch of which no end is noted."""
    return state.record.is_fetch and state.record.failure is None and state.record.done_at is None


@contextmanager
def _ended_when_removed(content: Unfinished, deadline: Deadline) -> Iterator[None]:
    """End a fetch that is given up, in whatever process, rather than wait for the other server to speak."""
    is_over = Event()

    def look() -> None:
        while not is_over.wait(LOOK_EVERY):
            if content.state.is_removed:
                deadline.end()
                return

    thread = Thread(target=look, name="fetch-end", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


class _Shared:
    """A content that is written to piece by piece, so that others can look at it, or give it up."""

    def __init__(self, content: Unfinished) -> None:
        self._content = content
        self.size = 0

    def write(self, data: bytes) -> None:
        """Append `data`; NotFound once the upload was given up."""
        with self._content.state.locked():
            self._content.write(data)
        self.size += len(data)
