"""Taking back what a picture says of people after it was uploaded."""

from contextlib import ExitStack

from ..errors import NotAnImage, NotFound
from ..images import ImageLimits
from ..storage import BlobStore, copy_into
from .bans import BanList
from .committer import Committer
from .examining import examine
from .file_records import Link, NewLink, new_management_key, own_key
from .links import LET_GO, LinkService
from .metadata import UNABLE, MetadataService
from .stored_file import StoredFile
from .terms import Terms


class StrippingService:
    """Exchanges links for others whose pictures have no metadata: what a link leads to never changes."""

    def __init__(
        self,
        store: BlobStore,
        committer: Committer,
        bans: BanList,
        metadata: MetadataService,
        links: LinkService,
        limits: ImageLimits,
        *,
        is_drawing: bool,
    ) -> None:
        self._store = store
        self._committer = committer
        self._bans = bans
        self._metadata = metadata
        self._links = links
        self._limits = limits
        self._is_drawing = is_drawing

    def exchange(self, management_key: str) -> Link:
        """Return a new link, with the same terms and a new key, to the picture without metadata.

        The old key is let go. With nothing to remove it is the old link. Raises NotFound, NotAnImage,
        Banned, StorageFull, Overloaded and the like; then nothing has changed.
        """
        file = self._links.find(management_key)
        link = self._without_metadata(file, management_key)
        if link.removed and file.owner_id is None:
            self._let_go(management_key, link)
        elif link.removed:  # whoever has a key to it is the same account
            self._links.end(file, LET_GO)
        return link

    def _let_go(self, management_key: str, link: Link) -> None:
        try:
            self._links.release(management_key)
        except NotFound:  # let go meanwhile: nobody would ever hear the key of the new link
            self._links.end(link.file, LET_GO)
            raise

    def exchange_own(self, file: StoredFile) -> Link:
        """Do the same to a file of an account, for that account."""
        link = self._without_metadata(file, "")
        if link.removed:
            self._links.end(file, LET_GO)
        return link

    def _without_metadata(self, file: StoredFile, management_key: str) -> Link:
        if self._metadata.is_unable(file.mimetype):
            raise NotAnImage(UNABLE)
        if not self._metadata.can_strip(file.mimetype):
            return Link(file, created=False, management_key=management_key, removed=())
        with ExitStack() as stack:
            whole = stack.enter_context(self._store.writer())
            with self._store.open(file.sha256) as source:
                copy_into(source, whole)
            writer, removed = self._metadata.strip(stack, whole)
            if not removed:
                return Link(file, created=False, management_key=management_key, removed=())
            content = examine(writer, file.filename, self._limits)
            self._bans.refuse(content.blob.sha256)
            key = new_management_key()
            wanted = NewLink(
                content,
                file.filename,
                own_key(key),
                is_listed=file.is_listed,
                owner_id=file.owner_id,
                is_private=file.is_private,
                terms=_terms_of(file),
                management_key=key,
                password_hash=file.password,
                is_drawn=self._is_drawing,
            )
            link = self._committer.commit(writer.stage(), wanted)
        return Link(link.file, created=True, management_key=key, removed=removed)


def _terms_of(file: StoredFile) -> Terms:
    return Terms(expires=file.expires, downloads=file.downloads_left, title=file.title)
