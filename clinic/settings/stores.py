"""Builds the settings that hang on the addresses of PostgreSQL and Redis."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def cache_settings(redis_url: str) -> dict[str, Any]:
    """Return CACHES on Redis with a fall-back to process memory."""
    return {
        "default": {
            "BACKEND": "clinic.core.cache.FallbackRedisCache",
            "LOCATION": redis_url,
            "OPTIONS": {"socket_timeout": 0.3, "socket_connect_timeout": 0.2},
        }
    }


def channel_settings(redis_url: str, capacity: int) -> dict[str, Any]:
    """Return CHANNEL_LAYERS on the pub/sub layer."""
    return {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [redis_url], "capacity": capacity, "prefix": "clinic"},
        }
    }


def broker_url(redis_url: str) -> str:
    """Return the same Redis in Celery's words; Unix sockets have a scheme of their own there."""
    parts = urlsplit(redis_url)
    return f"redis+socket://{parts.path}" if parts.scheme == "unix" else redis_url


def storages(files: Path) -> dict[str, Any]:
    """Return STORAGES: what people upload lies in a folder of its own."""
    return {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing uses it
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
        },
        "files": _folder(files),
        "exports": _folder(files / "exports"),  # archives of people's own data, for some days
    }


def _folder(place: Path) -> dict[str, Any]:
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": str(place),
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


def tuned(database: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """Return a DATABASES entry with kept connections and the house's time limits.

    A socket folder given as ``?host=`` in the address becomes HOST.
    """
    given = dict(database.get("OPTIONS", {}))
    host = given.pop("host", None) or database.get("HOST", "")
    return {
        **database,
        "HOST": host,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**given, **options},
    }
