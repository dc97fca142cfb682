"""Which operations hostile inputs are sent to, and which of the inputs each of them meets."""

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from clinic.core.api.views import ApiView
from tests.architecture.document import documented_as
from tests.architecture.operations import Operation, api_operations

Case = TypeVar("Case")
OPERATIONS = api_operations()
WRITES = [one for one in OPERATIONS if one.method != "GET"]
WITH_BODY = [one for one in WRITES if documented_as(one).body]
READS = [one for one in OPERATIONS if one.method == "GET"]
WITH_KEY = [one for one in WRITES if one.method == "POST" and one.view.idempotent]
# Their views look into the request before the parser, the login and the limits of all.
READ_AHEAD = [one for one in WRITES if one.view.read_ahead is not ApiView.read_ahead]
WITH_ID = [one for one in OPERATIONS if "<" in one.route]


class Share(NamedTuple):
    """Deals the cases of a list to operations: in a plain run every twelfth to each.

    Nearly all of them share parser, login and validation, and there are hundreds: so each case is
    met by three of them at least, and each of them meets a case of every list. What looks into the
    request ahead meets all, and ``--all`` tries all cases on all operations.
    """

    step: int

    def __call__(
        self, cases: Iterable[Case], operation: Operation, among: list[Operation], skip: int = 0
    ) -> list[Case]:
        """Return the cases of one of these operations; its fields skip to different ones."""
        dealt = list(cases)
        if operation in READ_AHEAD:
            return dealt
        step = min(self.step, len(dealt), max(1, len(among) // 3))
        return dealt[-(among.index(operation) + skip) % step :: step]
