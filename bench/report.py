"""One table of everything a run measured."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bench import machine

RESULTS = Path(__file__).parent / "results" / "latest.md"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measured thing. Ratios are None where nothing comparable exists."""

    what: str
    per_second: float | None = None
    to_raw: float | None = None
    to_hello: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    server_ms: float | None = None  # CPU of the clinic's processes for each
    database_ms: float | None = None  # CPU of PostgreSQL for each
    note: str = ""


@dataclass
class Report:
    """The rows of a run in sections."""

    title: str
    started_at: datetime
    sections: dict[str, list[Row]] = field(default_factory=dict)
    tables: dict[str, list[str]] = field(default_factory=dict)  # lines of other shapes
    remarks: list[str] = field(default_factory=list)

    def add(self, section: str, *rows: Row) -> None:
        """Append rows and show them at once."""
        for row in rows:
            self.sections.setdefault(section, []).append(row)
            print("  " + _line(row).strip("| \n").replace(" | ", "  "), flush=True)

    def markdown(self) -> str:
        """Return the report as Markdown."""
        lines = [f"# {self.title}", ""]
        lines += [f"- {self.started_at:%Y-%m-%d %H:%M} UTC"]
        lines += [f"- {line}" for line in [*machine.describe(), *self.remarks]]
        for name, rows in self.sections.items():
            lines += ["", f"## {name}", "", HEAD, RULE, *(_line(row) for row in rows)]
        for name, table in self.tables.items():
            lines += ["", f"## {name}", "", *table]
        return "\n".join(lines) + "\n"

    def save(self) -> Path:
        """Write bench/results/latest.md and return its path."""
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(self.markdown())
        return RESULTS


HEAD = (
    "| What | per second | × raw | × hello | p50 ms | p99 ms "
    "| server CPU ms | PostgreSQL CPU ms | Checks |"
)
RULE = "|---|---:|---:|---:|---:|---:|---:|---:|---|"


def _line(row: Row) -> str:
    cells = [
        row.what,
        _number(row.per_second, 0),
        _number(row.to_raw, 2),
        _number(row.to_hello, 2),
        _number(row.p50_ms, 1),
        _number(row.p99_ms, 1),
        _number(row.server_ms, 2),
        _number(row.database_ms, 2),
        row.note,
    ]
    return "| " + " | ".join(cells) + " |"


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:,.{digits}f}"
