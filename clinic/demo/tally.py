"""What the demo counts while it runs, and the table at its end."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from rich.table import Table


@dataclass
class Tally:
    """Counters, waiting times, and every acknowledged message."""

    counts: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    desk_waits: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    acknowledged: dict[str, str] = field(default_factory=dict)  # message id -> conversation
    received: Counter[tuple[str, str]] = field(default_factory=Counter)  # (device, message id)

    def add(self, what: str, amount: int = 1) -> None:
        """Count something."""
        self.counts[what] += amount

    def problem(self, text: str) -> None:
        """Note something that should not have happened."""
        self.problems.append(text)

    @property
    def line(self) -> str:
        """The progress in one line."""
        shown = (
            (_("registered"), "registered"),
            (_("paid"), "paid"),
            (_("assigned"), "assigned"),
            (_("messages"), "messages"),
            (_("completed"), "completed"),
            (_("rated"), "rated"),
            (_("cancelled"), "cancelled"),
            (_("at the desk"), "desk asked"),
            (_("chats ended"), "desk ended"),
        )
        return "  ".join(f"{label} {self.counts[key]}" for label, key in shown)

    def table(self) -> Table:
        """The result for people."""
        return _table(_("The main job"), self._rows())

    def desk_table(self) -> Table:
        """The result of the desk for people."""
        return _table(_("Customer service"), self._desk_rows())

    def _rows(self) -> list[tuple[str, str]]:
        counts = self.counts
        return [
            (_("Patients registered"), str(counts["registered"])),
            (_("Orders paid"), str(counts["paid"])),
            (_("Notices sent twice, late or dropped"), str(counts["disturbed"])),
            (_("Assigned to a doctor"), str(counts["assigned"])),
            (_("Declined by a doctor"), str(counts["declined"])),
            (_("Waited p50"), _("%s s") % f"{percentile(self.waits, 50):.2f}"),
            (_("Waited p95"), _("%s s") % f"{percentile(self.waits, 95):.2f}"),
            (_("Messages acknowledged"), str(len(self.acknowledged))),
            (_("Connections cut and resumed"), str(counts["reconnected"])),
            (_("Completed with a record"), str(counts["completed"])),
            (_("Rated"), str(counts["rated"])),
            (_("Cancelled by the patient"), str(counts["cancelled"])),
            (_("Refunded automatically"), str(counts["refunds"])),
            (_("Refunds left to staff"), str(counts["for_staff"])),
        ]

    def _desk_rows(self) -> list[tuple[str, str]]:
        counts, waits = self.counts, self.desk_waits
        return [
            (_("Customers who asked"), str(counts["desk asked"])),
            (_("Waited p50"), _("%s s") % f"{percentile(waits, 50):.2f}"),
            (_("Waited p95"), _("%s s") % f"{percentile(waits, 95):.2f}"),
            (_("Longest wait"), _("%s s") % f"{max(waits, default=0.0):.2f}"),
            (_("Left the queue"), str(counts["desk left"])),
            (_("Handed to a colleague"), str(counts["desk transferred"])),
            (_("Ended by an agent"), str(counts["desk ended"])),
            (_("Ended by the customer"), str(counts["desk left happy"])),
            (_("Rated"), str(counts["desk rated"])),
        ]


def _table(title: str, rows: list[tuple[str, str]]) -> Table:
    table = Table(title=title)
    table.add_column(_("What"))
    table.add_column(_("How many, how long"), justify="right")
    for label, value in rows:
        table.add_row(label, value)
    return table


def percentile(values: list[float], percent: int) -> float:
    """Return the value below which so many per cent lie; 0 for no values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
