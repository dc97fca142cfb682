"""A gathering whose first one is kept until all others stand behind him, so that they do meet."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from clinic.core import gathering
from clinic.core.gathering import Gathering


class Doorway(Gathering[Any, Any]):
    """Stands in for a gathering; ``passed`` says how many went together each time."""

    def __init__(self, real: Gathering[Any, Any], crowd: int) -> None:
        super().__init__(real._name, self._pass, self._swerve, most=real._most)
        self.passed: list[int] = []
        self.alone = 0
        self._real, self._crowd = real, crowd

    def _pass(self, values: Sequence[Any]) -> Sequence[Any]:
        self.passed.append(len(values))
        if len(self.passed) == 1:
            until(lambda: len(self._waiting) == self._crowd - 1)
        return self._real._together(values)

    def _swerve(self, value: Any) -> Any:
        self.alone += 1
        return self._real._alone(value)


def be_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody leave a line because the machine is slow."""
    monkeypatch.setattr(gathering, "PATIENCE_SECONDS", 60)


def until(holds: Callable[[], bool]) -> None:
    """Return when something holds."""
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.002)
