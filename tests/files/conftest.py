"""Nobody is too fast here."""

import pytest

from clinic.core import ratelimit


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits are out of reach."""
    monkeypatch.setattr(ratelimit, "_read", lambda _rate: (10**9, 60))
