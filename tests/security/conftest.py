"""What the security tests share."""

from tests.world import world

__all__ = ["world"]
