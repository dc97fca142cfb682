"""One table of several servers side by side, with the ratios to the first."""

from dataclasses import dataclass

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Line:
    """One measured thing: its key, its words, its digits, its goal, whether ratios say anything."""

    key: str
    what: str
    digits: int
    goal: str = ""
    has_ratio: bool = True


GOALS = (
    Line("full_per_second", "saturated: durable messages a second", 0, "≥ 1,500"),
    Line("full_server_ms", "saturated: server CPU, ms a message", 2, "≤ 0.43, below ejabberd"),
    Line("full_database_ms", "saturated: PostgreSQL CPU, ms a message", 2),
    Line("full_redis_ms", "saturated: Valkey CPU, ms a message", 2, has_ratio=False),
    Line("full_ack_p50", "saturated: confirmed, p50 ms", 1),
    Line("full_ack_p99", "saturated: confirmed, p99 ms", 1),
    Line("full_way_p50", "saturated: sent → received, p50 ms", 1),
    Line("full_way_p99", "saturated: sent → received, p99 ms", 1, "< 100"),
    Line("full_acked", "saturated: confirmed messages", 0, has_ratio=False),
    Line("full_lost", "saturated: confirmed, never received", 0, "0", has_ratio=False),
    Line("full_doubled", "saturated: received twice", 0, "0", has_ratio=False),
    Line("full_unstored", "saturated: confirmed, not stored", 0, "0", has_ratio=False),
    Line("full_unanswered", "saturated: never answered", 0, "0", has_ratio=False),
    Line("paced_server_ms", "100/s: server CPU, ms a message", 2),
    Line("paced_ack_p50", "100/s: confirmed, p50 ms", 1),
    Line("paced_ack_p99", "100/s: confirmed, p99 ms", 1),
    Line("paced_way_p50", "100/s: sent → received, p50 ms", 1),
    Line("paced_way_p99", "100/s: sent → received, p99 ms", 1, "< 15"),
    Line("paced_lost", "100/s: confirmed, never received", 0, "0", has_ratio=False),
    Line("storm_seconds", "500 sockets at once: all open after s", 2, "< 3"),
    Line("storm_failures", "500 sockets at once: failures", 0, "0", has_ratio=False),
    Line("idle_kb", "memory of an idle socket, kB (of 1,000)", 1, "< 40"),
    Line("acked_early", "confirmed before the row is stored (1 = yes)", 0, "0", has_ratio=False),
    Line("told_early", "passed on before the row is stored (1 = yes)", 0, "0", has_ratio=False),
)


class Versus:
    """Figures of each server; the first is ours."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.figures: dict[str, Figures] = {name: {} for name in names}

    def put(self, name: str, figures: Figures) -> None:
        """Add figures of a server."""
        self.figures[name] |= figures

    def lines(self, wanted: tuple[Line, ...]) -> list[str]:
        """Return the table as lines of Markdown."""
        heads = ["What", *self.names, *(f"ours ÷ {name}" for name in self.names[1:]), "Goal"]
        rules = ["---", *(["---:"] * (len(heads) - 2)), "---"]
        rows = [self._cells(line) for line in wanted]
        return ["| " + " | ".join(cells) + " |" for cells in (heads, rules, *rows)]

    def _cells(self, line: Line) -> list[str]:
        values = [self.figures[name].get(line.key) for name in self.names]
        shown = ["" if value is None else f"{value:,.{line.digits}f}" for value in values]
        return [line.what, *shown, *(_ratio(line, values[0], v) for v in values[1:]), line.goal]


def _ratio(line: Line, ours: float | None, other: float | None) -> str:
    if not line.has_ratio or ours is None or not other:
        return ""
    return f"{ours / other:.2f}"
