"""The gateway fixtures, and no database."""

import pytest

from tests.simulator.support import gateway_keys, served, shop, sim

__all__ = ["gateway_keys", "served", "shop", "sim"]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Nothing here touches the cache."""
