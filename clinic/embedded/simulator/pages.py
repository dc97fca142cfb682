"""Placeholder."""

from clinic.embedded.simulator.state import SimulatorState
from clinic.embedded.simulator.wire import Answer, Request


def answer(state: SimulatorState, request: Request) -> Answer:
    """Return a page."""
    return Answer(status=200, body=b"gateway")
