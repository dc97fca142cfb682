"""A plain run leaves out no hostile input."""

from collections import Counter
from typing import Any

import pytest

from tests.architecture.operations import Operation
from tests.security import hostile
from tests.security.sharing import (
    OPERATIONS,
    READ_AHEAD,
    READS,
    WITH_BODY,
    WITH_ID,
    WRITES,
    Share,
)


@pytest.mark.parametrize(
    ("cases", "among"),
    [
        (list(hostile.BODIES), WRITES),
        (hostile.VALUES, WITH_BODY),
        (hostile.QUERY_VALUES, READS),
        (hostile.BAD_QUERIES, READS),
        (list(hostile.HEADERS), OPERATIONS),
        (hostile.METHODS, OPERATIONS),
        (hostile.CREDENTIALS, OPERATIONS),
        (hostile.IDS, WITH_ID),
    ],
)
def test_every_hostile_input_is_met(cases: list[Any], among: list[Operation]) -> None:
    numbers = {one.name: Share(12)(range(len(cases)), one, among) for one in among}

    assert all(numbers.values())
    met = Counter(number for dealt in numbers.values() for number in dealt)
    assert [cases[number] for number in range(len(cases)) if met[number] < 3] == []
    assert all(len(numbers.get(one.name, cases)) == len(cases) for one in READ_AHEAD)


def test_what_looks_into_the_body_ahead_is_known() -> None:
    assert "POST /api/v1/appointments" in [one.name for one in READ_AHEAD]
