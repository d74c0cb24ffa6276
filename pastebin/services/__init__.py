"""What the service does, without HTTP: composed here, once a request."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyramid.config import Configurator
from pyramid.decorator import reify
from pyramid.registry import Registry
from sqlalchemy.orm import Session

from .._speedups.shorturl import ShortCodec
from ..images import ImageLimits
from .files import FileService
from .health import HealthService
from .intake import Intake
from .legacy import LegacyFolder
from .links import LinkService
from .listing import ListingService
from .maintenance import MaintenanceService
from .previews import PreviewMemory, PreviewService
from .resizing import ResizeService
from .uploads import UploadService


class Services:
    """Every service on one session, each made when first asked for, and so is the session."""

    def __init__(self, registry: Registry, session: Callable[[], Session]) -> None:
        self._registry: Any = registry
        self._make_session = session

    @reify
    def _session(self) -> Session:
        return self._make_session()

    @reify
    def files(self) -> FileService:
        """Look-ups."""
        registry = self._registry
        return FileService(
            registry["pastebin.engine"], registry["pastebin.cache"], registry["pastebin.codec"]
        )

    @reify
    def links(self) -> LinkService:
        """Rows for contents."""
        return LinkService(self._registry["pastebin.engine"])

    @reify
    def uploads(self) -> UploadService:
        """Taking files in."""
        registry = self._registry
        return UploadService(
            self.links,
            registry["pastebin.store"],
            registry["pastebin.limits"],
            intake=registry["pastebin.intake"],
            listed=registry["pastebin.settings"].public_listing,
            slots=registry["pastebin.decoding_slots"],
        )

    @reify
    def listing(self) -> ListingService | None:
        """The newest uploads, if the settings let them be listed."""
        registry = self._registry
        if not registry["pastebin.settings"].public_listing:
            return None
        return ListingService(registry["pastebin.engine"], registry["pastebin.codec"])

    @reify
    def resizing(self) -> ResizeService:
        """Sizes and crops of images."""
        registry = self._registry
        return ResizeService(
            registry["pastebin.store"],
            registry["pastebin.derived"],
            self.links,
            self.uploads,
            registry["pastebin.limits"],
            registry["pastebin.decoding_slots"],
        )

    @reify
    def previews(self) -> PreviewService:
        """What pages show of files."""
        registry = self._registry
        limit = registry["pastebin.settings"].text_preview_size
        return PreviewService(registry["pastebin.store"], registry["pastebin.previews"], limit)

    @reify
    def legacy(self) -> LegacyFolder | None:
        """The older service's folder, if the settings name one."""
        folder = self._registry["pastebin.settings"].legacy_folder
        return None if folder is None else self.legacy_folder(folder)

    def legacy_folder(self, folder: Path) -> LegacyFolder:
        """Return an older service's folder other than the one of the settings."""
        return LegacyFolder(folder, self.links, self._registry["pastebin.store"], self.uploads)

    @reify
    def maintenance(self) -> MaintenanceService:
        """Check and sweep."""
        return MaintenanceService(self._session, self._registry["pastebin.store"], self.legacy)

    @reify
    def health(self) -> HealthService:
        """The state of the parts."""
        registry = self._registry
        return HealthService(
            registry["pastebin.engine"], registry["pastebin.cache"], registry["pastebin.store"]
        )


def includeme(config: Configurator) -> None:
    """Set up what services share."""
    settings = config.registry["pastebin.settings"]
    config.registry["pastebin.codec"] = ShortCodec(
        settings.short_alphabet, settings.short_block_size, settings.short_min_length
    )
    config.registry["pastebin.limits"] = ImageLimits(
        max_pixels=settings.max_image_pixels, max_result_pixels=settings.max_result_pixels
    )
    config.registry["pastebin.intake"] = Intake(
        config.registry["pastebin.store"], LinkService(config.registry["pastebin.engine"])
    )
    config.registry["pastebin.previews"] = PreviewMemory()
    config.registry["pastebin.decoding_slots"] = threading.BoundedSemaphore(os.cpu_count() or 1)
