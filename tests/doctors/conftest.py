"""Fixtures of other rooms that the tests of doctors use."""

from tests.consultations.conftest import desk  # noqa: F401 a fixture
from tests.files.conftest import unlimited  # noqa: F401 a fixture
