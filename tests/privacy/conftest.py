"""Staff, patients and their records for the tests of people's data."""

from typing import Any

import pytest

from clinic.core.roles import Role
from clinic.settings import rules
from tests.cast import Member, make_member
from tests.console.conftest import chief  # noqa: F401 a fixture
from tests.consultations.conftest import desk, post  # noqa: F401 a fixture
from tests.records.conftest import signed  # noqa: F401 a fixture
from tests.world import unlimited, world  # noqa: F401 fixtures


@pytest.fixture
def jian(db: None) -> Member:
    """The auditor: looks at everything, changes nothing."""
    return make_member("简察", Role.AUDITOR, is_staff=True)


@pytest.fixture(autouse=True)
def _storage(settings: Any, tmp_path: Any) -> None:
    """Archives of a test lie in a folder of its own."""
    exports = {
        **settings.STORAGES["exports"],
        "OPTIONS": {"location": str(tmp_path / "exports")},
    }
    settings.STORAGES = {**settings.STORAGES, "exports": exports}


def get(member: Member, path: str, **query: Any) -> Any:
    """Ask for something."""
    return member.client.get(f"/api/v1/{path}", query)


COOLING = rules.DELETION_COOLING
