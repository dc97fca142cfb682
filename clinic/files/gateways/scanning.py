"""The virus scanner: clamd where CLAMD_ADDRESS names one."""

from django.conf import settings

from clinic.adapters.clamd import ClamdClient


def is_scanning() -> bool:
    """Say whether files are scanned here."""
    return bool(settings.CLAMD_ADDRESS)


def is_clean(data: bytes) -> bool:
    """Say what the scanner finds. Raises AdapterError while it is away."""
    return ClamdClient(settings.CLAMD_ADDRESS).is_clean(data)
