"""When a server was away: what it excuses, and nothing else."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

# Who is asked while the server comes back answers a little later; a busy machine needs a moment.
RECOVERY_SECONDS = 2.0


class Outages:
    """Moments of the monotonic clock between which a server was away."""

    def __init__(self) -> None:
        self._spans: list[tuple[float, float]] = []
        self._begun: float | None = None

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note that the server is away while the block runs."""
        self._begun = time.monotonic()
        yield
        self._spans.append((self._begun, time.monotonic()))
        self._begun = None

    def excuse(self, asked: float, answered: float) -> bool:
        """Say whether the server was away at some moment between the question and its answer."""
        if self._begun is not None and answered >= self._begun:
            return True
        return any(
            begun <= answered and asked <= over + RECOVERY_SECONDS for begun, over in self._spans
        )
