"""Faults of answers that look alike in every protocol."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from clinic.embedded.simulator.model import GatewayRefusal
from clinic.embedded.simulator.state import FaultKind, SimulatorState
from clinic.embedded.simulator.wire import Answer

T = TypeVar("T")


def acting(state: SimulatorState, operation: str, number: str, act: Callable[[], T]) -> T:
    """Do it, unless a fault strikes before or, the thing already done, after it."""
    if state.take_fault(FaultKind.RATE_LIMITED, number, operation):
        raise GatewayRefusal(429, "FREQUENCY_LIMITED", "频率超限")
    if state.take_fault(FaultKind.ERROR_BEFORE_COMMIT, number, operation):
        raise _system_error()
    found = act()
    if state.take_fault(FaultKind.ERROR_AFTER_COMMIT, number, operation):
        raise _system_error()
    return found


def on_the_way(state: SimulatorState, operation: str, number: str, answer: Answer) -> Answer:
    """Return the answer, held back or broken off when a fault says so."""
    if slow := state.take_fault(FaultKind.SLOW_ANSWER, number, operation):
        answer = replace(answer, delay_seconds=float(slow.value))
    if state.take_fault(FaultKind.RESET_ANSWER, number, operation):
        answer = replace(answer, is_reset=True)
    return answer


def _system_error() -> GatewayRefusal:
    return GatewayRefusal(500, "SYSTEM_ERROR", "系统错误")
