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
        )
        return "  ".join(f"{label} {self.counts[key]}" for label, key in shown)

    def table(self) -> Table:
        """The result for people."""
        table = Table(title=_("The main job"))
        table.add_column(_("What"))
        table.add_column(_("How many, how long"), justify="right")
        for label, value in self._rows():
            table.add_row(label, value)
        return table

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


def percentile(values: list[float], percent: int) -> float:
    """Return the value below which so many per cent lie; 0 for no values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
