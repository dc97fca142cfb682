"""What the security tests share."""

from tests.world import unlimited, world

__all__ = ["unlimited", "world"]
