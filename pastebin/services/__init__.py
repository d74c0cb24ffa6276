"""What the service does, without HTTP: every part, made once from the settings."""

from functools import cached_property
from pathlib import Path

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker

from .._speedups.shorturl import ShortCodec
from ..cache import LookupCache, make_cache
from ..images import ImageLimits
from ..models import make_engine, make_session_factory
from ..remote import RemotePolicy
from ..settings import Settings
from ..storage import DatabaseBlobStore, DerivedFolder, FolderBlobStore, TieredBlobStore
from .account_collections import AccountCollections
from .account_deletion import AccountDeletion
from .account_export import AccountExport
from .account_files import AccountFiles
from .account_sessions import SessionService
from .accounts import AccountService
from .administration_lists import AdministrationLists
from .api_tokens import TokenService
from .bans import BanList
from .cache_generation import CacheGeneration
from .claims import ClaimService
from .collections import CollectionService
from .committer import Committer
from .comparing import ComparisonService
from .content_removal import ContentRemoval
from .counting import CountingService
from .deliveries import Deliveries
from .events import Events
from .extracting import ExtractionService
from .file_changes import FileChanges
from .file_records import FileRecords
from .file_requests import FileRequests
from .files import SHAPE, FileService
from .flags import FlagService
from .health import HealthService
from .invalidations import KEPT_SECONDS, Invalidations
from .invites import InviteService
from .legacy import LegacyFolder
from .links import LinkService
from .listing import ListingService
from .mail import Mail
from .maintenance import MaintenanceService
from .metadata import MetadataService
from .moderation import ModerationService
from .oidc import OidcProvider
from .packing import PackingService
from .passwords import Passwords
from .preview_cache import PreviewCache
from .previews import PreviewService
from .quotas import Quotas
from .rate_limits import RateLimits
from .remote_files import RemoteFiles
from .rendering import ImageRenderer
from .repair import RepairService
from .resizing import ResizeService
from .resumable import Admission, Completion, RemoteUploads, ResumableService
from .sign_in_services import SignInServices
from .slots import download_slots
from .statistics import StatisticsService
from .stripping import StrippingService
from .suspensions import SuspendedOwners
from .sweeper import Sweeper
from .terms import TermsPolicy
from .thumbnails import ThumbnailService
from .unlocking import Unlocking
from .uploads import UploadService
from .webhooks import WebhookService
from .worker_pools import image_requests, make_ceiling, make_image_pool, make_preview_pool, make_template
from .zipping import ZipService

# How long the last download of a link may be repeated at most, in seconds, as long as a claim holds.
REPEAT_SECONDS = 3600.0


class Services(SignInServices):
    """Every part of a running service. What is here may be used by several threads at once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        is_durable = settings.durability == "full"
        self.engine: Engine = make_engine(settings.sqlalchemy_url, durable=is_durable)
        self.sessions: sessionmaker[Session] = make_session_factory(self.engine)
        self.cache: LookupCache = make_cache(settings)
        self.store = TieredBlobStore(
            DatabaseBlobStore(self.engine),
            FolderBlobStore(settings.files_path, durable=is_durable),
            settings.inline_size,
        )
        self.derived = DerivedFolder(settings.derived_path, settings.derived_size)
        self.limits = ImageLimits(
            max_pixels=settings.max_image_pixels, max_result_pixels=settings.max_result_pixels
        )
        self.codec = ShortCodec(settings.short_alphabet, settings.short_block_size, settings.short_min_length)
        self._records = FileRecords(self.engine)
        self.generation = CacheGeneration(self.engine, self.cache, SHAPE)
        turn = settings.sweep_every / 3
        kept_seconds = max(10.0, min(KEPT_SECONDS, turn))
        invalidations = self._invalidations = Invalidations(
            self.engine, self.cache, self.generation, kept_seconds
        )
        self.files = FileService(self.engine, self.cache, self.generation, self.codec, invalidations)
        self.template, ceiling = make_template(), make_ceiling()
        self.image_pool = make_image_pool(self.template, ceiling, settings.quarantine_path)
        renderer = ImageRenderer(self.store, self.image_pool, self.limits, image_requests())
        self.metadata = MetadataService(self.store, self.image_pool)
        repeat_seconds = min(REPEAT_SECONDS, turn)
        self.quotas = Quotas(self.engine, settings.quota_bytes, settings.quota_files)
        self.links = LinkService(self.engine, invalidations, self.quotas, repeat_seconds)
        self._make_administration(invalidations)
        self.collections = CollectionService(self.engine, invalidations, self.quotas, repeat_seconds)
        self.zips, self.downloads = ZipService(self.store), download_slots()
        self.passwords = Passwords()
        self.rate_limits = RateLimits(
            is_on=settings.limits == "on",
            memcached_servers=settings.memcached_servers if settings.cache == "memcached" else (),
            uploads=settings.uploads_per_hour,
            upload_bytes=settings.upload_bytes_per_hour,
            passwords=settings.passwords_per_minute,
            fetches=settings.fetches_per_hour,
        )
        self.suspensions = SuspendedOwners(self.engine, invalidations)
        self.accounts = AccountService(self.engine, self.passwords, invalidations)
        self.account_sessions = SessionService(self.engine)
        self.tokens = TokenService(self.engine)
        self.invites = InviteService(self.engine, self.accounts)
        self._set_up_sign_in(
            settings.secret,
            Mail(settings.mail_url, settings.mail_from, is_shown=not settings.is_production),
            OidcProvider(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret),
            settings.signup,
            is_oidc_signup=settings.oidc_signup,
        )
        self.claims = ClaimService(self.engine, invalidations, self.quotas)
        self.account_files = AccountFiles(self.engine, invalidations)
        self.account_deletion = AccountDeletion(self.engine, self.links, self.collections, invalidations)
        self.unlocking = Unlocking(self.passwords, self.rate_limits)
        self.terms_policy = TermsPolicy(settings.default_lifetime, settings.max_lifetime)
        self.bans = BanList(self.engine, invalidations)
        committer = Committer(self.engine, self.store, self.generation, self.quotas, self.flags)
        is_drawing = settings.short_links == "random"
        self.stripping = StrippingService(
            self.store, committer, self.bans, self.metadata, self.links, self.limits, is_drawing=is_drawing
        )
        self.uploads = UploadService(
            committer,
            self.store,
            self.limits,
            renderer,
            self.passwords,
            self.bans,
            self.metadata,
            self.counting,
            is_stripping=settings.strip_metadata,
            is_listing=settings.public_listing,
            is_drawing=is_drawing,
        )
        self.resumable, self.remote_files, self.remote_uploads = self._resumable_uploads()
        self.resizing = ResizeService(self.derived, self._records, self.uploads, renderer)
        self.thumbnails = ThumbnailService(self.store, self.derived, self.image_pool, self.resizing)
        self.preview_pool = make_preview_pool(self.template, ceiling, settings.quarantine_path)
        self.previews = PreviewService(
            self.store, self.preview_pool, PreviewCache(), settings.text_preview_size
        )
        self.health = HealthService(self.engine, self.cache, self.store)
        self.sweeper = Sweeper(
            self.engine,
            self.store,
            self.links,
            self.collections,
            ContentRemoval(self.engine, self.store, self.derived),
            self.maintenance,
            invalidations,
            self.resumable,
            self.signed_tokens,
            self.account_deletion,
            settings.sweep_every,
            kept_seconds,
        )

    def _make_administration(self, invalidations: Invalidations) -> None:
        """Make what operators and administrators use, and what they switch."""
        self.flags = FlagService(self.engine, invalidations)
        self.administration_lists = AdministrationLists(self.engine)
        self.counting = CountingService(self.engine)
        self.statistics = StatisticsService(self.engine)
        self.moderation = ModerationService(self.engine, self.links, self.codec, invalidations)
        self.events = Events(self.engine)
        self.webhooks = WebhookService(self.engine, invalidations, self.settings.public_url)
        policy = RemotePolicy(allowed=self.settings.webhook_allow)
        self.deliveries = Deliveries(self.engine, self.webhooks, policy)
        self.events.listen(self.webhooks, self.deliveries)

    def _resumable_uploads(self) -> tuple[ResumableService, RemoteFiles, RemoteUploads]:
        """Make what takes bytes in over several requests, and what gets them from other servers meanwhile."""
        settings, folder = self.settings, self.store.unfinished
        completion = Completion(
            self.uploads,
            self.links,
            self.limits,
            self.terms_policy,
            Admission(self.flags, self.quotas, self.rate_limits, takes_anonymous=settings.anonymous_uploads),
            secret=settings.secret,
            lifetime=settings.resumable_lifetime,
        )
        resumable = ResumableService(
            folder,
            completion,
            self.passwords,
            self.terms_policy,
            per_address=settings.resumable_per_address,
            max_size=settings.max_upload_size,
        )
        remote = RemoteFiles(
            self.engine,
            self.rate_limits.fetches,
            RemotePolicy(settings.remote_ports, settings.remote_allow),
            is_on=settings.remote_fetch,
            seconds=settings.remote_timeout,
        )
        later = RemoteUploads(folder, resumable, completion, remote)
        return resumable, remote, later

    def close(self) -> None:
        """End the worker processes and let go of the database. What is used again starts again."""
        self.sweeper.stop()
        self.mail.close()
        self.deliveries.stop()
        self.counting.stop()
        self.rate_limits.close()
        self.image_pool.close()
        self.preview_pool.close()
        self.template.close()
        self.engine.dispose()

    @cached_property
    def account_collections(self) -> AccountCollections:
        """Pages of an account's collections."""
        return AccountCollections(self.engine)

    @cached_property
    def file_requests(self) -> FileRequests:
        """What accounts ask others for."""
        return FileRequests(self.engine, self._invalidations)

    @cached_property
    def exports(self) -> AccountExport:
        """All that an account has."""
        return AccountExport(self.engine)

    @cached_property
    def comparing(self) -> ComparisonService:
        """What differs between two texts."""
        return ComparisonService(self.store, self.preview_pool, self.settings.text_preview_size)

    @cached_property
    def listing(self) -> ListingService | None:
        """The newest uploads, if the settings let them be listed."""
        if not self.settings.public_listing:
            return None
        return ListingService(self.engine, self.codec, self.suspensions)

    @cached_property
    def legacy(self) -> LegacyFolder | None:
        """The older service's folder, if the settings name one."""
        folder = self.settings.legacy_folder
        return None if folder is None else self.legacy_folder(folder)

    def legacy_folder(self, folder: Path) -> LegacyFolder:
        """Return an older service's folder other than the one of the settings."""
        return LegacyFolder(folder, self._records, self.uploads)

    @cached_property
    def extracting(self) -> ExtractionService:
        """Taking files out of archives."""
        return ExtractionService(self.store, self.preview_pool)

    @cached_property
    def file_changes(self) -> FileChanges:
        """Changing and ending files by their names."""
        return FileChanges(self.engine, self._invalidations)

    @cached_property
    def maintenance(self) -> MaintenanceService:
        """Check and sweep."""
        return MaintenanceService(self.sessions, self.store, self.legacy)

    @cached_property
    def packing(self) -> PackingService:
        """Moving contents between the tiers."""
        return PackingService(self.engine, self.store)

    @cached_property
    def repair(self) -> RepairService:
        """Finding contents again that rows have lost."""
        return RepairService(self.engine, self.store, self.uploads)
