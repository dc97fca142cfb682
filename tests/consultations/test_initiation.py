"""Starting beside a twin that closes at the same moment."""

from typing import Any

import pytest

from consultations.models import Consultation
from consultations.selectors.consultations import open_twin
from consultations.services import initiation
from tests.cast import Member
from tests.consultations.conftest import Desk, post

pytestmark = pytest.mark.django_db


def test_a_twin_that_closes_between_refusal_and_look_up_makes_room_for_a_new_case(
    desk: Desk, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = desk.draft(lin)

    def closes_first(**wanted: Any) -> Consultation | None:
        if desk.state(first) == "draft":
            assert post(lin, f"consultations/{first}/cancel").status_code == 200
        return open_twin(**wanted)

    monkeypatch.setattr(initiation, "open_twin", closes_first)
    answer = desk.initiate(lin)

    assert answer.status_code == 201, answer.json()
    assert answer.json()["consultation"]["id"] != first
    assert desk.row(answer.json()["consultation"]["id"]).state == "draft"
