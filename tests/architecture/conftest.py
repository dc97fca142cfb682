"""What the tests of the house's rules share."""

from tests.world import world

__all__ = ["world"]
