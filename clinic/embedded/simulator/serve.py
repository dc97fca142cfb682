"""Runs the gateway on a port: in the foreground for people, in a thread for tests."""

import argparse
import logging
import os
import signal
import socket
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from clinic.embedded.simulator.app import simulator_app
from clinic.embedded.simulator.control import apply_setting
from clinic.embedded.simulator.door import DoorServer, tls_context
from clinic.embedded.simulator.state import SimulatorState, open_state

LOG_NAME = "clinic.embedded.simulator"
logger = logging.getLogger(f"{LOG_NAME}.serve")  # not __name__: this file also runs as __main__

DEFAULT_PORT = 8001


class CannotServeError(Exception):
    """The gateway cannot start; the message is one sentence for a person."""


@dataclass(frozen=True, kw_only=True)
class RunningSimulator:
    """A gateway that answers now."""

    base_url: str
    state: SimulatorState


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 chooses a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(128)
    except (OSError, OverflowError) as error:
        sock.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotServeError(
            f"The gateway simulator cannot listen on {host} port {port} ({reason}): "
            "choose another with --port or SIM_PORT."
        ) from error
    return sock


def _server(state: SimulatorState) -> DoorServer:
    config = uvicorn.Config(
        simulator_app(state),
        log_config=None,
        log_level="critical",  # broken-off answers are made on purpose
        access_log=False,
        lifespan="on",
        server_header=False,
        proxy_headers=False,  # whether a connection is secured is nobody's to claim
        timeout_graceful_shutdown=2,
    )
    return DoorServer(config, tls_context(state.keys))


@contextmanager
def running_simulator(state: SimulatorState, *, port: int = 0) -> Iterator[RunningSimulator]:
    """Serve the state from a thread of this process until the block ends."""
    sock = bind("127.0.0.1", port)
    server = _server(state)
    thread = threading.Thread(target=server.run, args=([sock],), daemon=True)
    thread.start()
    try:
        yield RunningSimulator(base_url=f"http://127.0.0.1:{sock.getsockname()[1]}", state=state)
    finally:
        server.should_exit = True
        thread.join(10)
        sock.close()


def serve(
    *, data_dir: Path, host: str, port: int, time_factor: int | None, reports_url: str
) -> None:
    """Serve until SIGTERM or Ctrl-C, then return. Raises CannotServeError."""
    sock = bind(host, port)
    try:
        state = open_state(data_dir)
        state.reports_url = reports_url
        if time_factor is not None:
            apply_setting(state, "time_factor", time_factor)
    except (OSError, sqlite3.Error, ValueError) as error:
        sock.close()
        raise CannotServeError(
            f"The gateway simulator cannot use its folder in {data_dir} ({error})."
        ) from error
    _log_to_terminal()
    logger.info("Gateway simulator on http://%s:%d/", host, sock.getsockname()[1])
    # The server hands the signal on when it has shut down; by then there is nothing left to do.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: None)
    _server(state).run([sock])
    state.store.close()


def _log_to_terminal() -> None:
    root = logging.getLogger(LOG_NAME)
    if not root.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    root.propagate = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options shared by both entry points; each has its environment variable."""
    parser.add_argument(
        "--port", type=int, default=os.environ.get("SIM_PORT", str(DEFAULT_PORT)), help="SIM_PORT"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--time-factor",
        type=int,
        default=os.environ.get("SIM_TIME_FACTOR"),
        help="divides every wait of the gateway (SIM_TIME_FACTOR); kept until changed",
    )
    parser.add_argument(
        "--reports-url",
        default=f"http://127.0.0.1:{os.environ.get('PORT') or 8000}/api/v1/calls/reports",
        help="where reports of phone calls go (by default the clinic at PORT of this machine)",
    )


def main() -> None:
    """Run the module as a program: python -m clinic.embedded.simulator.serve."""
    parser = argparse.ArgumentParser(prog="gateway_sim")
    add_arguments(parser)
    parser.add_argument("--data-dir", type=Path, default=os.environ.get("DATA_DIR", ".data"))
    options = parser.parse_args()
    try:
        serve(
            data_dir=Path(options.data_dir),
            host=options.host,
            port=options.port,
            time_factor=options.time_factor,
            reports_url=options.reports_url,
        )
    except CannotServeError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
