"""What property tests need before the first of them runs.

Hypothesis likes to try numbers and texts that stand in the code. It reads every loaded module of
the project for them, once in a process: ten seconds on a busy machine, and each draw sifts through
what it found. Only ``--all`` has it do so.
"""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.internal import charmap
from hypothesis.internal.conjecture import providers
from hypothesis.internal.intervalsets import IntervalSet

# A busy machine is no fault: how long an example takes is not judged.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


# What UTF-8 can say: found by trying all million characters otherwise, once in a process.
UTF_8 = IntervalSet(((0, 0xD7FF), (0xE000, 0x10FFFF))), IntervalSet(())


def pytest_configure(config: pytest.Config) -> None:
    """Leave the numbers and texts of the code to ``--all``, where this release can be told to."""
    if hasattr(charmap, "intervals_from_codec"):
        search = charmap.intervals_from_codec
        charmap.intervals_from_codec = lambda name: UTF_8 if name == "utf-8" else search(name)
    if hasattr(providers, "_get_local_constants") and not config.getoption("--all"):
        nothing = providers.Constants()
        providers._get_local_constants = lambda: nothing


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Read the modules before the first property test, outside of its time."""
    wanted = item.config.getoption("--all")
    if wanted and getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
        _read_modules()


@cache
def _read_modules() -> None:
    _draw_many()


@settings(
    max_examples=5,
    database=None,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(st.integers(), min_size=200, max_size=200))
def _draw_many(_numbers: list[int]) -> None:
    """Draw so often that a number from the code is wanted."""
