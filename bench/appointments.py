"""Free slots, booking and one appointment by HTTP, beside Easy!Appointments, SQL and nothing."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from itertools import islice
from statistics import median
from typing import Any, Final

from django.db import connection

from bench import machine, rivals, visits
from bench.peers import easyappointments as ea
from bench.raw import pgbench
from bench.raw_booking import raw_booking
from bench.report import Report
from bench.stack import Stack, run_tool

SECTION: Final = "Appointments beside Easy!Appointments"
CONNECTIONS: Final = (16, 64)
WARM_UP: Final = 60
# Each connection to PostgreSQL plans six times how one is booked, and how several are.
WARM_UP_BOOKINGS: Final = 240
# One web process, and one for each core as a real house has.
WORKERS: Final = tuple(sorted({1, os.cpu_count() or 1}))
BOOKED_MEANWHILE: Final = 120  # at most, during one row
PATIENCE_SECONDS: Final = 120  # the peer needs seconds for one date of fifty doctors
HELLO_TEXT: Final = "GET /bench/hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
OURS, PEER, HELLO = "clinic", ea.NAME, "empty view"
RAW, RAW_WRITE = "raw SQL", "raw SQL of the write alone"
DAY, WEEK, BOOK, ONE = "slots, one doctor-day", "slots, 7 days × 50 doctors", "booking", "read one"
LOOK: Final = "look-up by six digits"  # the peer has none
DAY_BUSY: Final = f"{DAY}, bookings meanwhile"
DAY_COLD, WEEK_COLD = f"{DAY}, each computed", f"{WEEK}, each computed"
AS_PEER: Final = {DAY_BUSY: DAY, DAY_COLD: DAY, WEEK_COLD: WEEK}  # the peer computes each
GOALS: Final = {
    DAY: "≥ 0.35 × hello, ≥ 5 × EA",
    DAY_BUSY: "",
    DAY_COLD: "",
    WEEK: "< 5 ms server CPU",
    WEEK_COLD: "< 5 ms server CPU",
    BOOK: "≥ 0.30 × raw, ≥ 6 × EA, p99 < 100 ms at 16",
    ONE: "≥ 0.4 × hello",
    LOOK: "≥ 0.4 × hello",
}
HEADS: Final = (
    "What", "web processes", "connections", "a second", "× hello", "× raw", "× raw write",
    "EA a second", "× EA", "p50 ms", "p99 ms", "EA p99 ms", "server CPU ms", "PostgreSQL CPU ms",
    "Checks", "Goal",
)  # fmt: skip
Seen = dict[str, Any]


class Appointments:
    """Rounds in which every server has its turn; ratios are made within a round."""

    def __init__(self, stack: Stack, report: Report, *, seconds: int, rounds: int) -> None:
        self.stack, self.report, self.seconds, self.rounds = stack, report, seconds, rounds
        self.seen: dict[tuple[str, int, str, int], list[Seen]] = defaultdict(list)
        self.workers = WORKERS[0]
        self.house = visits.build()
        past = visits.store_past(self.house)
        report.remarks.append(f"the clinic holds {past:,} earlier appointments of other doctors")
        self.taken = visits.store(self.house, visits.taken(self.house))
        self.places, self.peer_places = visits.free(self.house), visits.free(self.house)
        self.peer = self._peer()

    def measure(self, *, writes: int) -> None:
        """Add the table."""
        for _round in range(self.rounds):
            for connections in CONNECTIONS:
                for self.workers in WORKERS:
                    self.stack.serve_with(self.workers)
                    self._reads(connections)
        for _round in range(self.rounds):
            for connections in CONNECTIONS:
                for self.workers in WORKERS:
                    self.stack.serve_with(self.workers)
                    self._bookings(connections, writes)
        self.report.tables[SECTION] = self._lines()
        rivals.measure(self.stack, self.house, self.report)

    def _peer(self) -> ea.Peer | None:
        found = ea.find()
        if found is None:
            self.report.remarks.append(ea.MISSING)
            return None
        self.report.remarks.append(ea.AS_OLD if found.is_old() else ea.EMPTY)
        peer = ea.prepare(found, doctors=visits.DOCTORS)
        busy = [(place.doctor, place.starts_at()) for place in visits.taken(self.house)]
        self.peer_rows = ea.store(peer, busy)
        return peer

    def _reads(self, connections: int) -> None:
        house, rows = self.house, self.taken
        self._drive(HELLO, connections, HELLO, [HELLO_TEXT])
        ours: dict[str, Callable[[int], str]] = {
            DAY: house.doctor_day,
            DAY_BUSY: house.doctor_day,
            DAY_COLD: lambda n: house.doctor_day(n, visits.COMPUTED),
            WEEK: house.house_week,
            WEEK_COLD: lambda n: house.house_week(n, visits.COMPUTED),
            ONE: lambda n: house.one(rows[n]),
            LOOK: lambda n: house.look_up(rows[n]),
        }
        for what, request in ours.items():
            asked = [request(n) for n in range(visits.READERS)]
            with self._bookings_meanwhile() if what == DAY_BUSY else nullcontext():
                self._drive(what, connections, OURS, asked)
            is_long = what == WEEK and connections > CONNECTIONS[0]
            is_first = self.workers == WORKERS[0] and what not in {LOOK, *AS_PEER}
            if self.peer and is_first and not is_long:
                self._drive(what, connections, PEER, list(self._asked(self.peer, what)))

    @contextmanager
    def _bookings_meanwhile(self) -> Iterator[None]:
        """Let two patients book as fast as they are answered while something else is measured."""
        wanted = [self.house.book(place) for place in islice(self.places, BOOKED_MEANWHILE)]
        given: dict[str, object] = {
            "port": self.stack.options.port, "requests": wanted, "is_endless": False,
            "warm_up": 0, "connections": 2, "seconds": self.seconds,
        }  # fmt: skip
        with ThreadPoolExecutor(1) as beside:
            booking = beside.submit(run_tool, "bench.http_load", given, self.stack)
            yield
            told = f"{booking.result()['count']} bookings meanwhile"
        print(f"  {told}", flush=True)

    def _asked(self, peer: ea.Peer, what: str) -> Iterator[str]:
        for number in range(visits.READERS):
            doctor, day = peer.doctors[number % visits.DOCTORS], self.house.day(number)
            if what == DAY:
                yield peer.doctor_day(doctor, day)
            elif what == WEEK:  # one date of seven
                yield peer.house_day(day)
            else:
                yield peer.one(self.peer_rows[number % len(self.peer_rows)])

    def _bookings(self, connections: int, writes: int) -> None:
        self._drive(HELLO, connections, HELLO, [HELLO_TEXT])
        _settle()
        wanted = [self.house.book(place) for place in islice(self.places, writes)]
        self._drive(BOOK, connections, OURS, wanted, is_endless=False)
        self._raw_booking(connections)
        if self.peer and self.workers == WORKERS[0]:
            peer = self.peer
            asked = [
                peer.book(peer.doctors[place.doctor], place.starts_at(), place.reader)
                for place in islice(self.peer_places, max(writes // 3, WARM_UP + 2 * connections))
            ]
            self._drive(BOOK, connections, PEER, asked, is_endless=False)

    def _raw_booking(self, connections: int) -> None:
        seconds = max(2, self.seconds // 2)
        for who, with_read in ((RAW, True), (RAW_WRITE, False)):
            script = raw_booking(self.house, with_read=with_read)
            raw = pgbench(
                self.stack.database_host, script, seconds=seconds, clients=min(connections, 32)
            )
            found = {"per_second": raw.per_second}
            self.seen[BOOK, connections, who, self.workers].append(found)
            print(f"  {BOOK}, {connections}, {who}: {raw.per_second:,.0f}/s", flush=True)

    def _drive(
        self,
        what: str,
        connections: int,
        who: str,
        requests: list[str],
        *,
        is_endless: bool = True,
    ) -> None:
        warm_up = WARM_UP_BOOKINGS if (what, who) == (BOOK, OURS) else WARM_UP
        if (what, who) == (WEEK, PEER):
            warm_up = 0
        pids = [self.stack.pid("web")], [self.stack.postgres_pid()]
        before = [machine.cpu_seconds(each) for each in pids]
        given: dict[str, object] = {
            "port": self.peer.port if who == PEER and self.peer else self.stack.options.port,
            "requests": requests,
            "is_endless": is_endless,
            "warm_up": warm_up,
            "connections": connections,
            "seconds": self.seconds if is_endless else self.seconds * 20,
            "patience": PATIENCE_SECONDS,
        }
        found: Seen = run_tool("bench.http_load", given, self.stack, timeout=400)
        after = [machine.cpu_seconds(each) for each in pids]
        count = max(1, found["count"] + warm_up)
        found["server_ms"], found["database_ms"] = (
            (late - early) / count * 1000 for early, late in zip(before, after, strict=True)
        )
        self.seen[what, connections, who, 0 if who == PEER else self.workers].append(found)
        bad = {status: n for status, n in found["statuses"].items() if int(status) >= 300}
        told = f"{found['per_second']:,.0f}/s  p99 {found['p99_ms']:,.0f} ms"
        who = f"{who} of {self.workers}"
        print(f"  {what}, {connections}, {who}: {told} {bad or ''} {found['odd'][:1]}", flush=True)

    def _lines(self) -> list[str]:
        lines = [
            f"| {' | '.join(HEADS)} |",
            "|---|---:|---:|" + "---:|" * 11 + "---|---|",
        ]
        lines += [
            self._line(what, workers, n)
            for what in GOALS
            for workers in WORKERS
            for n in CONNECTIONS
        ]
        note = "Medians of {} rounds; ratios within a round. A week of EA is seven requests."
        return [*lines, "", note.format(self.rounds)]

    def _line(self, what: str, workers: int, connections: int) -> str:
        ours = self.seen[what, connections, OURS, workers]
        peer = self.seen[AS_PEER.get(what, what), connections, PEER, 0]
        raw, write = (self.seen[what, connections, who, workers] for who in (RAW, RAW_WRITE))
        hello = self.seen[HELLO, connections, HELLO, workers]
        hello = hello[self.rounds :] if what == BOOK else hello[: self.rounds]
        requests = 7 if what in {WEEK, WEEK_COLD} else 1
        peer = [one | {"per_second": one["per_second"] / requests} for one in peer]
        cells = [
            what, str(workers), str(connections), _mid(ours, "per_second", 0), _ratio(ours, hello),
            _ratio(ours, raw), _ratio(ours, write), _mid(peer, "per_second", 1),
            _ratio(ours, peer, 1), _mid(ours, "p50_ms", 1), _mid(ours, "p99_ms", 1),
            _mid(peer, "p99_ms", 1), _mid(ours, "server_ms", 2), _mid(ours, "database_ms", 2),
            _checks(ours, peer), GOALS[what],
        ]  # fmt: skip
        return "| " + " | ".join(cells) + " |"


def _settle() -> None:
    """Have PostgreSQL finish with the thousands of rows that the yardstick before left behind."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _mid(rounds: list[Seen], name: str, digits: int) -> str:
    return f"{median(one[name] for one in rounds):,.{digits}f}" if rounds else ""


def _ratio(ours: list[Seen], others: list[Seen], digits: int = 2) -> str:
    """Return the middle of the ratios of the rounds."""
    pairs = zip(ours, others, strict=False)
    found = [one["per_second"] / other["per_second"] for one, other in pairs]
    return f"{median(found):.{digits}f}" if found else ""


def _checks(ours: list[Seen], peer: list[Seen]) -> str:
    def bad(rounds: list[Seen]) -> int:
        return sum(
            n for one in rounds for status, n in one["statuses"].items() if int(status) > 299
        )

    count, hits = (sum(one[name] for one in ours) for name in ("count", "hits"))
    told = f"{count} answers, {bad(ours)} refused"
    if hits:
        told += f", {hits / count:.0%} kept ones"
    return told + (f"; EA {bad(peer)} refused" if peer else "")
