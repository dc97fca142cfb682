"""The gateway's core: its keys, rows, numbers, clock and what goes wrong. No HTTP here."""

import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from clinic.embedded.simulator.keys import GatewayKeys, ensure_gateway_keys, gateway_folder
from clinic.embedded.simulator.mini_tokens import MiniTokens
from clinic.embedded.simulator.model import Fault, GatewayRefusal, Setting
from clinic.embedded.simulator.store import Store


class FaultKind(StrEnum):
    """Everything that can be made to go wrong."""

    # answers to the merchant
    ERROR_BEFORE_COMMIT = "error_before_commit"
    ERROR_AFTER_COMMIT = "error_after_commit"
    RESET_ANSWER = "reset_answer"
    SLOW_ANSWER = "slow_answer"
    RATE_LIMITED = "rate_limited"
    UNSIGNED_ANSWER = "unsigned_answer"
    FORGED_ANSWER = "forged_answer"
    SIGNTEST_ANSWER = "signtest_answer"
    STALE_ANSWER = "stale_answer"
    FUTURE_ANSWER = "future_answer"
    # a notification, when it is made
    DUPLICATE = "duplicate"
    DELAY = "delay"
    REORDER = "reorder"
    # a notification, each time it is sent
    DROP = "drop"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_APPID = "wrong_appid"
    WRONG_MCHID = "wrong_mchid"
    FOREIGN_KEY = "foreign_key"
    UNKNOWN_SERIAL = "unknown_serial"
    SIGNTEST = "signtest"
    OTHER_KEY = "other_key"
    STALE = "stale"
    FUTURE = "future"
    # money
    PAY_AFTER_CLOSE = "pay_after_close"
    REFUND_ABNORMAL = "refund_abnormal"
    REFUND_CLOSED = "refund_closed"
    REFUND_SLOW = "refund_slow"
    # bills
    BILL_NOT_READY = "bill_not_ready"
    BILL_WRONG_HASH = "bill_wrong_hash"
    BILL_LINE_MISSING = "bill_line_missing"
    BILL_WRONG_AMOUNT = "bill_wrong_amount"
    BILL_ODD_MOVEMENT = "bill_odd_movement"
    # messages
    SMS_REFUSED = "sms_refused"
    CALLS_AWAY = "calls_away"
    # the register of names and ID numbers
    IDENTITY_AWAY = "identity_away"
    # the mini program
    MINI_PROGRAM_AWAY = "mini_program_away"


# Name, default, smallest, largest.
SETTINGS: dict[str, tuple[int, int, int]] = {
    "time_factor": (1, 1, 10_000_000),
    "min_close_age_seconds": (0, 0, 3600),
    "refund_delay_seconds": (2, 0, 86_400),
    "refund_spacing_seconds": (0, 0, 3600),
    "fee_basis_points": (60, 0, 1000),
    "bills_of_today": (0, 0, 1),
    "seed": (0, 0, 2**31),
}

MAX_FAULTS = 1000


def utc_now() -> datetime:
    """Return the current moment, aware."""
    return datetime.now(UTC)


class SimulatorState:
    """One gateway. Every change goes through `change()`, which wakes the deliverer afterwards."""

    def __init__(
        self, keys: GatewayKeys, store: Store, *, clock: Callable[[], datetime] = utc_now
    ) -> None:
        """Take over the rows found in the store."""
        self.keys = keys
        self.store = store
        self.clock = clock
        self.nonces = NonceMemory()
        self.mini_tokens = MiniTokens()
        self.reports_url = ""  # where reports of calls go when whoever dials names no address
        self.on_change: Callable[[], None] = _nothing
        self.rng = random.Random(self.setting("seed"))  # noqa: S311 - repeatable on purpose

    def now(self) -> datetime:
        """Return the gateway's present."""
        return self.clock()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Run one all-or-nothing change."""
        with self.store.change():
            yield
        self.on_change()

    def setting(self, name: str) -> int:
        """Return a number, its default when never set."""
        found = self.store.get(Setting, name)
        return found.value if found else SETTINGS[name][0]

    def settings(self) -> dict[str, int]:
        """Return every number by name."""
        return {name: self.setting(name) for name in SETTINGS}

    def set_setting(self, name: str, value: int) -> None:
        """Store a number within its limits; a new seed restarts the dice."""
        if name not in SETTINGS or not SETTINGS[name][1] <= value <= SETTINGS[name][2]:
            raise GatewayRefusal(400, "PARAM_ERROR", f"setting {name!r}")
        with self.change():
            self.store.save(Setting(name=name, value=value))
        if name == "seed":
            self.rng.seed(value)

    def later(self, seconds: float) -> datetime:
        """Return the moment after this wait, shortened by the time factor."""
        return self.now() + timedelta(seconds=seconds) / self.setting("time_factor")

    def faults(self) -> list[Fault]:
        """Return all faults in force."""
        return self.store.find(Fault, "1=1 ORDER BY rowid")

    def add_fault(self, fault: Fault) -> Fault:
        """Put a fault in force."""
        if len(self.faults()) >= MAX_FAULTS:
            raise GatewayRefusal(400, "PARAM_ERROR", "too many faults")
        with self.change():
            self.store.save(fault)
        return fault

    def inject(
        self,
        kind: FaultKind,
        *,
        scope: str = "*",
        operation: str = "*",
        times: int | None = None,
        value: int = 1,
        chance: int = 100,
    ) -> Fault:
        """Put a new fault in force and return it."""
        fault = Fault(
            id=secrets.token_hex(6),
            kind=kind,
            scope=scope,
            operation=operation,
            times=times,
            value=value,
            chance=chance,
        )
        return self.add_fault(fault)

    def take_fault(self, kind: FaultKind, out_trade_no: str, operation: str = "*") -> Fault | None:
        """Return the fault that strikes now, and count it down."""
        found = self.store.find(
            Fault,
            "kind = ? AND scope IN (?, '*') AND operation IN (?, '*') ORDER BY scope = '*', rowid",
            [kind, out_trade_no, operation],
        )
        for fault in found:
            if self.rng.randrange(100) < fault.chance:
                self._count_down(fault)
                return fault
        return None

    def reset(self) -> None:
        """Forget orders, messages, faults and settings; keys stay."""
        with self.change():
            self.store.clear()
        self.rng.seed(self.setting("seed"))

    def _count_down(self, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times <= 1:
            self.store.delete(Fault, fault.id)
        else:
            values = {name: getattr(fault, name) for name in fault.__dataclass_fields__}
            self.store.save(Fault(**(values | {"times": fault.times - 1})))


class NonceMemory:
    """Nonces seen within the signature window; a second use is a replay."""

    _KEEP = timedelta(minutes=20)

    def __init__(self) -> None:
        """Begin empty: a restart forgets, the window then bounds the harm."""
        self._seen: dict[str, datetime] = {}

    def is_new(self, nonce: str, now: datetime) -> bool:
        """Remember the nonce; return whether it was unknown."""
        for old in list(self._seen):  # oldest first
            if now - self._seen[old] < self._KEEP:
                break
            del self._seen[old]
        if nonce in self._seen:
            return False
        self._seen[nonce] = now
        return True


def open_state(data_dir: str | Path, *, clock: Callable[[], datetime] = utc_now) -> SimulatorState:
    """Return the gateway of this data folder, made on first use."""
    keys = ensure_gateway_keys(data_dir)
    path = gateway_folder(data_dir) / "gateway.sqlite3"
    path.touch(mode=0o600)
    return SimulatorState(keys, Store(path), clock=clock)


def _nothing() -> None:
    return None
