"""The look-up cache: dogpile.cache over memory or memcached."""

import hashlib

from sqlalchemy.engine import make_url

from ..errors import ConfigurationError
from ..settings import Settings
from .lookups import LookupCache
from .memory import BoundedEntries, memory_cache

__all__ = ["BoundedEntries", "LookupCache", "make_cache"]


def make_cache(settings: Settings) -> LookupCache:
    """Return the cache the settings name; ConfigurationError if its client is not installed."""
    if settings.cache == "memory":
        return memory_cache(settings.cache_entries, settings.cache_seconds)
    try:
        from .memcached import NearCache, memcached_cache  # noqa: PLC0415 (its client is optional)
    except ImportError as error:
        raise ConfigurationError(
            f"pastebin.cache = memcached needs pylibmc ({error}): pip install 'pastebin[production]'"
        ) from error
    return NearCache(
        memcached_cache(settings.memcached_servers, settings.cache_seconds, _namespace(settings))
    )


def _namespace(settings: Settings) -> str:
    """Return a name for the database whose rows are cached, the same wherever it is used from."""
    url = make_url(settings.sqlalchemy_url)
    place = f"{url.host}:{url.port}/{url.database}"
    return f"-{hashlib.sha256(place.encode()).hexdigest()[:12]}"
