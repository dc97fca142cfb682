"""Chat beside others: the same work for the clinic, ejabberd with its archive, stock Channels."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from bench import machine
from bench.peers import ejabberd
from bench.peers.servers import Clinic, Ejabberd, Peer, Server, StockChannels, settle
from bench.phones import Seat
from bench.report import Report
from bench.stack import Stack, run_tool
from bench.versus import GOALS, Versus
from clinic.embedded.paths import CHECKOUT

PAIRS = 100
PACE = 100
IDLE = 1000
STORM = 500
Figures = dict[str, float]


def measure(stack: Stack, report: Report, *, seconds: int, rounds: int) -> None:
    """Add one table: each server in turn, ``rounds`` times, medians of the rounds."""
    with _servers(stack, report) as servers:
        table = Versus([server.name for server in servers])
        for server in servers:
            table.put(server.name, _at_rest(server))
        seats = {server.name: server.seats(PAIRS) for server in servers}
        measured: dict[str, list[Figures]] = defaultdict(list)
        for number in range(rounds):
            for server in servers:
                figures = _round(server, seats[server.name], seconds)
                print(f"  round {number + 1} {server.name}: {_short(figures)}", flush=True)
                measured[server.name].append(figures)
        for name, found in measured.items():
            table.put(name, {key: median(figures[key] for figures in found) for key in found[0]})
        report.remarks.append(
            f"chat beside others: median of {rounds} rounds of {seconds} s, the servers in turn"
        )
        report.tables[TITLE] = table.lines(GOALS)


TITLE = "Chat beside others: 200 sockets in pairs, 120 bytes of text, stored, confirmed, passed on"


@contextmanager
def _servers(stack: Stack, report: Report) -> Iterator[list[Server]]:
    peers: list[Peer] = [StockChannels(stack)]
    if ejabberd.is_installed():
        peers.insert(0, Ejabberd(stack))
    else:
        report.remarks.append(ejabberd.MISSING)
    try:
        for peer in peers:
            peer.start()
        yield [Clinic(stack), *peers]
    finally:
        for peer in peers:
            peer.stop()


def _at_rest(server: Server) -> Figures:
    """Measure what an idle socket weighs and how fast many open at once."""
    run_tool("bench.socket_load", _talk(server, server.seats(5), 1, PACE), server.stack)
    settle()
    before = machine.proportional_kb(server.pid)
    with _held(server, server.seats(IDLE // 2)):
        settle()
        after = machine.proportional_kb(server.pid)
    seats = server.seats(STORM // 2)
    storm = run_tool("bench.socket_load", server.given(seats, mode="storm"), server.stack)
    return {
        "idle_kb": (after - before) / IDLE,
        "storm_seconds": float(str(storm["seconds"])),
        "storm_failures": float(str(storm["failures"])),
        **_promises(server),
    }


@contextmanager
def _held(server: Server, seats: list[Seat]) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.socket_load"],
        cwd=CHECKOUT,
        env=server.stack.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(server.given(seats, mode="hold")).encode() + b"\n")
    process.stdin.flush()
    opened = json.loads(process.stdout.readline())["opened"]
    yield
    alive = json.loads(process.communicate()[0])["alive"]
    if not alive == opened == len(seats):
        raise RuntimeError((server.name, len(seats), opened, alive))


def _promises(server: Server) -> Figures:
    """Say what the answer means: sent while the table of messages takes no row."""
    seats = server.seats(1)
    link = server.connect()
    with link.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {server.table} IN SHARE MODE")
        seen = run_tool("bench.socket_load", server.given(seats, mode="probe"), server.stack)
    link.rollback()
    link.close()
    settle()
    return {"acked_early": float(bool(seen["acked"])), "told_early": float(bool(seen["received"]))}


def _round(server: Server, seats: list[Seat], seconds: int) -> Figures:
    full = _load(server, seats, seconds, None)
    paced = _load(server, seats, seconds, PACE)
    return {f"full_{key}": value for key, value in full.items()} | {
        f"paced_{key}": value for key, value in paced.items()
    }


def _load(server: Server, seats: list[Seat], seconds: int, pace: int | None) -> Figures:
    stored, before = server.stored(), server.cpu()
    given = _talk(server, seats, seconds, pace)
    seen: dict[str, Any] = run_tool("bench.socket_load", given, server.stack)
    spent = [(now - then) * 1000 for now, then in zip(server.cpu(), before, strict=True)]
    settle()
    count = max(1, seen["acked"])
    return {
        "per_second": seen["per_second"],
        "server_ms": spent[0] / count,
        "database_ms": spent[1] / count,
        "redis_ms": spent[2] / count,
        "ack_p50": seen["ack_p50_ms"],
        "ack_p99": seen["ack_p99_ms"],
        "way_p50": seen["p50_ms"],
        "way_p99": seen["p99_ms"],
        "acked": seen["acked"],
        "lost": seen["lost"],
        "doubled": seen["doubled"],
        "unanswered": seen["unanswered"],
        "unstored": seen["acked"] - (server.stored() - stored),
    }


def _talk(server: Server, seats: list[Seat], seconds: int, pace: int | None) -> dict[str, object]:
    return server.given(seats, mode="talk", seconds=seconds, per_second=pace)


def _short(figures: Figures) -> str:
    return (
        f"{figures['full_per_second']:,.0f}/s, {figures['full_server_ms']:.2f} ms of CPU, "
        f"p99 {figures['full_way_p99']:.0f} ms, paced {figures['paced_way_p99']:.0f} ms"
    )
