"""What the tests of the house's rules share."""

from tests.world import unlimited, world

__all__ = ["unlimited", "world"]
