"""What a run is told: which parts, how long, how often. bench/README.md explains them."""

import argparse

PARTS = (
    "assignment", "dispatch", "requests", "sockets", "chat", "events", "payments", "appointments",
)  # fmt: skip


def arguments() -> argparse.ArgumentParser:
    """Declare the arguments of a run."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=PARTS,
        default=list(PARTS),
        metavar="PART",
        help=f"of {', '.join(PARTS)}",
    )
    parser.add_argument("--seconds", type=int, default=6, help="of each row that runs by time")
    parser.add_argument("--cases", type=int, default=1600, help="assigned for each row")
    parser.add_argument("--writes", type=int, default=1500, help="requests of each row that writes")
    parser.add_argument("--orders", type=int, default=150, help="paid for the event path")
    parser.add_argument("--rounds", type=int, default=3, help="in which servers have their turns")
    parser.add_argument("--web-workers", type=int, default=1, help="processes of the web")
    return parser
