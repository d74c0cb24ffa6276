"""Taking files in: look at the bytes, stage them in the store, commit them with their link."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from ..errors import NotAnImage, PastebinError
from ..images import ImageLimits
from ..media.suffixes import suffix_for
from ..names import visible_name
from ..storage import BlobStore, BlobWriter, StagedBlob, copy_into, open_anonymous
from .bans import BanList
from .collection_records import NewCollection, new_code
from .committer import Committer
from .counting import CountingService
from .examining import examine
from .file_records import (
    Content,
    Link,
    NewLink,
    collection_key,
    derived_management_key,
    legacy_key,
    new_management_key,
    own_key,
    upload_key,
)
from .file_request_records import StoredRequest, guest_upload
from .metadata import UNABLE, MetadataService
from .passwords import Passwords
from .rendering import ImageRenderer, named_as
from .stored_file import StoredFile
from .terms import Terms
from .upload_options import NO_OPTIONS, UploadOptions

__all__ = ["Incoming", "UploadBatch", "UploadOptions", "UploadService"]

# How much of a name an error repeats, in characters.
SHOWN_NAME = 100


@dataclass(frozen=True, slots=True)
class Incoming:
    """One of several files on its way in: what was written, its name, and its path with folders."""

    writer: BlobWriter
    filename: str
    path: str


@dataclass(frozen=True, slots=True)
class UploadBatch:
    """Several files that came in together: their links in order.

    `root_key` is what their management keys are derived from; of a collection it is the key itself.
    """

    links: Sequence[Link]
    root_key: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Prepared:
    writer: BlobWriter
    filename: str
    content: Content
    removed: tuple[str, ...] | None = None


class UploadService:
    """Uploads. When a method returns, the content and the link are on the disk."""

    def __init__(
        self,
        committer: Committer,
        store: BlobStore,
        limits: ImageLimits,
        renderer: ImageRenderer,
        passwords: Passwords,
        bans: BanList,
        metadata: MetadataService,
        counting: CountingService,
        *,
        is_stripping: bool = False,
        is_listing: bool = False,
        is_drawing: bool = True,
    ) -> None:
        self._committer = committer
        self._store = store
        self._limits = limits
        self._renderer = renderer
        self._passwords = passwords
        self._bans = bans
        self._metadata = metadata
        self._counting = counting
        self._is_stripping = is_stripping
        self._is_listing = is_listing
        self._is_drawing = is_drawing

    def add(self, writer: BlobWriter, filename: str, options: UploadOptions = NO_OPTIONS) -> Link:
        """Take in what was written, resized first if that is asked for.

        Raises Banned, NotAnImage, ImageTooLarge, TaskKilled or Overloaded where resizing is not possible,
        StorageFull and Unavailable; nothing is kept then.
        """
        with ExitStack() as stack:
            one = self._prepare(stack, writer, filename, options)
            key = options.management_key or new_management_key()
            wanted = self._wanted(one, options, key, options.password_hash or self._hash(options.terms))
            link = self._committer.commit(one.writer.stage(), wanted, options.joining)
        return self._counted([link if one.removed is None else replace(link, removed=one.removed)])[0]

    def add_all(self, files: Sequence[Incoming], options: UploadOptions = NO_OPTIONS) -> UploadBatch:
        """Take in several files, each with a link of its own; all or none, and an error names its file."""
        root, hashed = new_management_key(), self._hash(options.terms)
        with self._prepared(files, options) as ready:
            wanted = [
                self._wanted(one, options, derived_management_key(root, number), hashed)
                for number, one in enumerate(ready)
            ]
            links = self._committer.commit_all([one.writer.stage() for one in ready], wanted, None)
        return UploadBatch(self._counted(_with_removed(links, ready)), root)

    def add_collection(self, files: Sequence[Incoming], options: UploadOptions) -> UploadBatch:
        """Take in files as one collection, which alone holds them and has the terms; all or none."""
        key, terms = new_management_key(), options.terms
        with self._prepared(files, options) as ready:
            collection = NewCollection(
                new_code(),
                key,
                title=terms.title,
                expires=terms.expires,
                downloads=terms.downloads,
                password_hash=self._hash(terms),
                is_listed=self._is_listing and terms.visibility == "listed",
                owner_id=options.owner_id,
                is_private=terms.is_private,
                paths=tuple(map(_path_of, files, ready)),
            )
            wanted = [self._wanted_in(collection, one) for one in ready]
            links = self._committer.commit_all([one.writer.stage() for one in ready], wanted, collection)
        return UploadBatch(self._counted(_with_removed(links, ready)), key, collection.code)

    def add_requested(
        self, files: Sequence[Incoming], asked: StoredRequest, sender: str, expires: datetime | None
    ) -> Sequence[Link]:
        """Take in what a guest sends to a file request, for its owner; all or none.

        A collection that it begins has the time `expires`.
        """
        with self._prepared(files, UploadOptions(owner_id=asked.owner_id)) as ready:
            for one in ready:
                asked.require_type(one.content.media.mimetype)
            guest = guest_upload(asked, sender, [one.filename for one in ready], expires)
            wanted = [self._wanted_in(guest.collection, one) for one in ready]
            links = self._committer.commit_all([one.writer.stage() for one in ready], wanted, guest)
        return self._counted(list(links))

    def _counted(self, links: list[Link]) -> list[Link]:
        for link in links:
            self._counting.count_upload(link.file.size, link.file.owner_id)
        return links

    def is_listed(self, terms: Terms) -> bool:
        """Tell whether something with these terms is listed."""
        return self._is_listing and terms.visibility in (None, "listed")

    @contextmanager
    def _prepared(self, files: Sequence[Incoming], options: UploadOptions) -> Iterator[list[_Prepared]]:
        """Give files that are ready to be stored; the first one that cannot be is named."""
        with ExitStack() as stack:
            ready = []
            for file in files:
                try:
                    ready.append(self._prepare(stack, file.writer, file.filename, options))
                except PastebinError as error:
                    raise error.about(visible_name(file.filename, SHOWN_NAME)) from error.__cause__
            yield ready

    def _prepare(
        self, stack: ExitStack, writer: BlobWriter, filename: str, options: UploadOptions
    ) -> _Prepared:
        """Look at what was written, resized first if that is asked for. Banned where nobody may upload it."""
        transform = options.transform
        if transform is None:
            prepared = self._examined(writer, filename, is_typed=options.is_typed)
            if options.is_stripping and self._metadata.is_unable(prepared.content.media.mimetype):
                raise NotAnImage(UNABLE)
            is_stripping = options.is_stripping or self._is_stripping
            return self._stripped(stack, prepared) if is_stripping else prepared
        with open_anonymous() as target:
            image = self._renderer.render_upload(writer, transform, target)
            target.seek(0)
            resized = stack.enter_context(self._store.writer())
            copy_into(target, resized)
        return self._examined(resized, named_as(image.format, filename or "file"))

    def _stripped(self, stack: ExitStack, one: _Prepared) -> _Prepared:
        """Return an upload without metadata, if it is a picture with some. NotAnImage for a broken one."""
        if not self._metadata.can_strip(one.content.media.mimetype):
            return one if self._metadata.is_unable(one.content.media.mimetype) else replace(one, removed=())
        writer, removed = self._metadata.strip(stack, one.writer)
        return replace(self._examined(writer, one.filename) if removed else one, removed=removed)

    def _examined(self, writer: BlobWriter, filename: str, *, is_typed: bool = False) -> _Prepared:
        """Look at what was written; what has no name gets one by its media type."""
        content = self.examine(writer, filename, is_typed=is_typed)
        self._bans.refuse(content.blob.sha256)
        return _Prepared(writer, filename or f"file{suffix_for(content.media.mimetype)}", content)

    def _hash(self, terms: Terms) -> str | None:
        return None if terms.password is None else self._passwords.hash(terms.password)

    def _wanted(
        self, one: _Prepared, options: UploadOptions, management_key: str, hashed: str | None
    ) -> NewLink:
        terms, blob = options.terms, one.content.blob
        is_own = terms.needs_own_link or hashed is not None or options.joining is not None
        shared_key = upload_key(blob, one.filename, options.owner_id)
        return NewLink(
            one.content,
            one.filename,
            own_key(management_key) if is_own else shared_key,
            is_listed=self.is_listed(terms),
            owner_id=options.owner_id,
            terms=terms,
            management_key=management_key,
            password_hash=hashed,
            is_drawn=self._is_drawing,
        )

    def _wanted_in(self, collection: NewCollection, one: _Prepared) -> NewLink:
        return NewLink(
            one.content,
            one.filename,
            collection_key(collection.code, one.content.blob, one.filename),
            is_listed=collection.is_listed,
            owner_id=collection.owner_id,
            is_private=collection.is_private,
            terms=Terms(expires=collection.expires, downloads=collection.downloads),
            password_hash=collection.password_hash,
            is_drawn=self._is_drawing,
        )

    def add_copy(self, data: BinaryIO, filename: str, key: str, source: StoredFile) -> Link:
        """Take in what is left to read of `data` as a resized copy of a file, under that one's terms.

        Its link has `key`, and no holder: it ends with the file.
        """
        with self._store.writer() as writer:
            copy_into(data, writer)
            content = self.examine(writer, filename)
            wanted = NewLink(
                content,
                filename,
                key,
                terms=Terms(expires=source.expires),
                password_hash=source.password,
                owner_id=source.owner_id,
                is_private=source.is_private,
                source=source,
                is_drawn=self._is_drawing,
            )
            return self._committer.commit(self._staged(writer, content), wanted)

    def import_file(self, source: BinaryIO, filehash: str, *, has_row: bool) -> Link:
        """Take in a file of the older service, which has a public name already, and maybe a row."""
        with self._store.writer() as writer:
            copy_into(source, writer)
            content = self.examine(writer, filehash)
            if has_row:
                return self._committer.complete(self._staged(writer, content), filehash, content)
            key = legacy_key(filehash)
            wanted = NewLink(content, filehash, key, filehash=filehash, is_drawn=self._is_drawing)
            return self._committer.commit(self._staged(writer, content), wanted)

    def _staged(self, writer: BlobWriter, content: Content) -> StagedBlob:
        """Stage what was written. Banned where nobody may upload it."""
        self._bans.refuse(content.blob.sha256)
        return writer.stage()

    def examine(self, writer: BlobWriter, filename: str, *, is_typed: bool = False) -> Content:
        """Return what was written with its media type and, for an image, its sides."""
        return examine(writer, filename, self._limits, is_typed=is_typed)


def _with_removed(links: Sequence[Link], ready: Sequence[_Prepared]) -> list[Link]:
    return [replace(link, removed=one.removed) for link, one in zip(links, ready, strict=True)]


def _path_of(file: Incoming, ready: _Prepared) -> str:
    """Return a file's path in a collection, which ends in its name as it is now."""
    folder, slash, _name = file.path.rpartition("/")
    return folder + slash + ready.filename
