"""The part of a run that works with the clinic's own code; started by bench.run."""

import argparse

import django

django.setup()

from django.conf import settings  # noqa: E402 needs Django set up

from bench import assignment, chat, dispatch, events, machine, sockets  # noqa: E402 needs Django set up
from bench.appointments import Appointments  # noqa: E402
from bench.http import Requests  # noqa: E402
from bench.options import PARTS, arguments  # noqa: E402
from bench.payments import Payments  # noqa: E402
from bench.report import Report  # noqa: E402
from bench.stack import Stack  # noqa: E402
from clinic.core.clock import now  # noqa: E402

SETUP = (
    "{options.web_workers} web process with up to {threads} HTTP threads, durable PostgreSQL, "
    "{options.seconds} s a row, load of the machine before the run {load:.1f}"
)
LIMITS = (
    "limits are counted as always; the paces of chat and of socket frames are set out of reach, "
    "those of HTTP are met with 200 and more accounts"
)
SHARED = (
    "other work kept the cores busy: rates are too low and latencies too high for a verdict; "
    "ratios and CPU times hold better"
)
NEED_DOCTORS = {"requests", "sockets", "events"}


def main() -> None:
    """Measure the chosen parts and print one table."""
    options = arguments().parse_args()
    report = Report(title="Measured", started_at=now())
    load_before = machine.load_average()
    report.remarks += [
        SETUP.format(options=options, load=load_before, threads=settings.HTTP_THREADS),
        LIMITS,
    ]
    stack = Stack.from_environment(web_workers=options.web_workers)
    try:
        run(stack, report, options)
    finally:
        stack.stop_children()
    report.remarks.append(f"load of the machine after the run {machine.load_average():.1f}")
    if machine.is_shared(load_before):
        report.remarks.append(SHARED)
    print(report.markdown())
    if set(options.only) == set(PARTS):
        print(report.save())


def run(stack: Stack, report: Report, options: argparse.Namespace) -> None:
    """Measure part after part on the same servers."""
    if "assignment" in options.only:
        assignment.measure(stack, report, cases=options.cases)
    elif NEED_DOCTORS & set(options.only):
        assignment.fill_up()
    if "dispatch" in options.only:
        dispatch.measure(stack, report, rounds=10)
    stack.start("web")
    if "requests" in options.only:
        Requests(stack, report, seconds=options.seconds).measure(writes=options.writes)
    if "sockets" in options.only:
        sockets.measure(stack, report, seconds=options.seconds)
    if "chat" in options.only:
        chat.measure(stack, report, seconds=options.seconds, rounds=options.rounds)
    if "events" in options.only:
        events.measure(stack, report, orders=options.orders)
    if "payments" in options.only:
        Payments(stack, report, seconds=options.seconds).measure(writes=options.writes)
    if "appointments" in options.only:
        rounds = Appointments(stack, report, seconds=options.seconds, rounds=options.rounds)
        rounds.measure(writes=options.writes // 2)


if __name__ == "__main__":
    main()
