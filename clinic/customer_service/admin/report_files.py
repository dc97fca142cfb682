"""The reports of the desk as files: figures, work, load, and the two logs row by row."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.http.response import HttpResponseBase

from clinic.core.clock import clinic_time
from clinic.core.sheets import Cell, csv_answer
from clinic.customer_service.models import AgentStatusChange, ChatMove
from clinic.customer_service.selectors.reports import AgentWork, Visits, day_start, report

FIGURES: Final = (
    *("chats", "served", "abandoned", "abandoned_percent", "wait_avg", "wait_p50", "wait_p90"),
    *("reply_avg", "reply_p50", "reply_p90", "duration_avg", "transfers", "ratings", "stars"),
)
WORK: Final = (
    *("served", "online_seconds", "busy_seconds", "handled_seconds", "given_away", "taken_over"),
    *("grades", "grade"),
)
CHUNK: Final = 2000


def _figures(since: date, until: date) -> HttpResponseBase:
    found = report(since, until)
    parts: list[tuple[str, Iterable[tuple[str, Visits]]]] = [
        ("total", [("", found.total)]),
        ("day", [(f"{day}", line) for day, line in found.by_day.items()]),
        ("team", found.by_team.items()),
        ("agent", found.by_agent.items()),
    ]
    rows: Iterable[list[Cell]] = (
        [part, label, *_cells(line, FIGURES)] for part, lines in parts for label, line in lines
    )
    return csv_answer(f"desk-{since}-{until}", ["by", "what", *FIGURES], rows)


def _work(since: date, until: date) -> HttpResponseBase:
    rows: Iterable[list[Cell]] = (
        [label, *_cells(line, WORK)] for label, line in report(since, until).work.items()
    )
    return csv_answer(f"desk-work-{since}-{until}", ["agent", *WORK], rows)


def _load(since: date, until: date) -> HttpResponseBase:
    header = ["agent", *(f"{hour:02}:00" for hour in range(24))]
    rows: Iterable[list[Cell]] = (
        [label, *line] for label, line in report(since, until).load.items()
    )
    return csv_answer(f"desk-load-{since}-{until}", header, rows)


def _statuses(since: date, until: date) -> HttpResponseBase:
    header = ["at", "agent", "agent_account", "from", "to", "cause", "actor"]
    names = ("agent__nickname", "agent__public_id", "before", "after", "cause", "actor")
    lines = _log(AgentStatusChange.objects, since, until, names)
    return csv_answer(f"desk-statuses-{since}-{until}", header, lines)


def _moves(since: date, until: date) -> HttpResponseBase:
    header = ["at", "chat", "from", "to", "reason", "team", "agent", "actor"]
    names = (
        *("chat__public_id", "before", "after", "reason"),
        *("team__code", "agent__nickname", "actor"),
    )
    lines = _log(ChatMove.objects, since, until, names)
    return csv_answer(f"desk-moves-{since}-{until}", header, lines)


FILES: Final[Mapping[str, Callable[[date, date], HttpResponseBase]]] = {
    "csv": _figures,
    "work": _work,
    "load": _load,
    "statuses": _statuses,
    "moves": _moves,
}


def _log(rows: Any, since: date, until: date, names: Sequence[str]) -> Iterator[list[Cell]]:
    days = rows.filter(at__gte=day_start(since), at__lt=day_start(until + timedelta(days=1)))
    found = days.order_by("at", "pk").values_list("at", *names)
    for at, *cells in found.iterator(chunk_size=CHUNK):
        stamp = clinic_time(at).isoformat(timespec="milliseconds")
        yield [stamp, *("" if cell is None else str(cell) for cell in cells)]


def _cells(line: Visits | AgentWork, names: Sequence[str]) -> list[Cell]:
    return [_cell(getattr(line, name)) for name in names]


def _cell(value: float | None) -> Cell:
    return "" if value is None else round(value, 2)
