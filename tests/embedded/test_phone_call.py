"""Phone consultations on the whole clinic: every process runs, the provider is the simulator."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clinic.embedded.paths import CHECKOUT
from tests.embedded.callers import PASSWORD, RECORD, Case, Person, Provider, RefusedError, until
from tests.embedded.conftest import data_dir

__all__ = ["data_dir"]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PORT = 21970
PATIENTS = ("13700000001", "13700000002")
FIRST_DOCTOR = 13600000001
TRIES = 3
POLLED = 2.5  # seconds; the list of calls takes 30 looks a minute
ALL_SAID = "Ctrl-C stops everything."  # the last line of the start


def _environment(folder: Path) -> dict[str, str]:
    hidden = {"DATABASE_URL", "REDIS_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "tests.embedded.hurried",
        "PYTHONPATH": str(CHECKOUT),
        "DATA_DIR": str(folder),
    }


@pytest.fixture
def clinic(data_dir: Path) -> Iterator[Path]:
    """Simulator, web and sockets, worker, beat and relay, with the demo's people."""
    command = [sys.executable, "manage.py", "up", "--port", str(PORT), "--data-dir", str(data_dir)]
    process = subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env=_environment(data_dir),
        stdout=(data_dir / "up.log").open("w"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    log = data_dir / "up.log"
    try:
        until(lambda: ALL_SAID in log.read_text() or process.poll(), what="start", seconds=400)
        assert process.poll() is None, log.read_text()
        yield data_dir
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    said = log.read_text()
    sys.stdout.write(said[-6000:])
    told = said.partition(ALL_SAID)[2].partition("up        | stopping")[0]
    assert [line for line in told.splitlines() if "| error" in line or "Traceback" in line] == []
    assert [phone for phone in (*PATIENTS, str(FIRST_DOCTOR)) if phone in told] == []


@pytest.fixture
def provider(clinic: Path) -> Provider:
    """The simulator's control door."""
    token = next(
        json.loads(path.read_text())["control_token"]
        for path in clinic.rglob("*.json")
        if "control_token" in path.read_text()
    )
    reports = f"http://127.0.0.1:{PORT}/api/v1/calls/reports"
    return Provider(PORT + 1, token, reports)


def _doctor(number: int) -> tuple[Person, str]:
    """Let a doctor of the demo come, prove who he is, and go online; return him and his id."""
    doctor = Person(PORT, str(FIRST_DOCTOR + number)).come()
    doctor.call("POST", "doctor/identity-check", {"method": "password", "password": PASSWORD})
    doctor.call("POST", "doctor/presence", {"state": "online"})
    return doctor, str(doctor.call("GET", "doctor/profile")["id"])


def test_calls_are_put_through_settled_by_their_reports_and_refunded_by_rule(
    clinic: Path, provider: Provider
) -> None:
    lin, ge = (Person(PORT, phone).come() for phone in PATIENTS)
    doctors = [_doctor(number) for number in range(3)]

    _talk_with_late_lost_and_doubled_reports(Case(lin, doctors[0][0], provider), doctors[0][1])
    silent = Case(ge, doctors[1][0], provider).begin(doctors[1][1])
    unanswered = Case(lin, doctors[2][0], provider).begin(doctors[2][1])
    _nobody_dials_and_nobody_answers(silent, unanswered)

    for person in (lin, ge, *(doctor for doctor, _id in doctors)):
        person.leave()
    checked = subprocess.run(
        [sys.executable, "manage.py", "check_invariants"],
        check=False,
        cwd=CHECKOUT,
        env=_environment(clinic) | {"PORT": str(PORT)},
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _talk_with_late_lost_and_doubled_reports(case: Case, doctor_id: str) -> None:
    provider, doctor, patient = case.provider, case.doctor, case.patient
    case.begin(doctor_id)
    with pytest.raises(RefusedError, match="call_missing"):
        doctor.call("POST", f"consultations/{case.id}/complete", RECORD)
    provider.control("POST", "settings", {"time_factor": 15})  # its waits, retries included
    provider.control("POST", "faults", {"kind": "calls_away", "times": 1})

    doctor.call("POST", f"consultations/{case.id}/calls", {})
    call = case.bound()
    binding = provider.binding_of(call["id"])
    number = binding["sub_id"]
    assert call["relay_number"] == binding["relay_number"]
    assert (binding["phone_a"], binding["phone_b"]) == (doctor.phone, patient.phone)
    until(lambda: patient.heard_of("call_to_come"), what="the patient's notice")
    until(lambda: doctor.heard_of("call_to_make"), what="the doctor's notice")

    provider.disturb(number, "delay", 60)  # four seconds: after the talk
    provider.dial(number, by="a", seconds=0)
    provider.disturb(number, "drop")  # told again by the provider
    provider.dial(number, by="a", seconds=40)
    provider.disturb(number, "duplicate", 2)
    provider.dial(number, by="b", seconds=50)
    ended = until(
        lambda: [row for row in case.calls() if row["state"] == "ended"],
        what="the end of the call",
        every=POLLED,
    )[0]
    until(lambda: case.calls()[0]["talk_seconds"] == 90, what="the lost report", every=POLLED)

    assert (ended["outcome"], ended["relay_number"]) == ("talked", "")
    assert len(case.calls()) == 1
    doctor.call("POST", f"consultations/{case.id}/complete", RECORD)
    case.is_in("completed")
    record = until(lambda: patient.call("GET", "records")["results"], what="the signed record")[0]
    shown = patient.call("GET", f"records/{record['id']}")
    assert RECORD["diagnosis"] in json.dumps(shown, ensure_ascii=False)
    patient.call(
        "POST", f"consultations/{case.id}/review", {"stars": 5, "tags": [], "text": "耐心"}
    )
    assert _order(case)["status"] == "paid"


def _nobody_dials_and_nobody_answers(silent: Case, unanswered: Case) -> None:
    """The doctor never dials: the money goes back. The patient does not answer: staff look."""
    for case in (silent, unanswered):
        case.doctor.call("POST", f"consultations/{case.id}/calls", {})
    for number in range(1, TRIES + 1):
        call = unanswered.bound(number)
        sub_id = unanswered.provider.binding_of(call["id"])["sub_id"]
        unanswered.provider.dial(sub_id, by="a", seconds=0)
    silent.is_in("refunded_closed")
    until(
        lambda: [row["outcome"] for row in unanswered.calls()] == ["patient_missed"] * TRIES,
        what="the patient's three misses",
        every=POLLED,
    )
    until(lambda: _order(silent)["status"] == "refunded", what="the refund")

    assert [row["outcome"] for row in silent.calls()] == ["doctor_missed"] * TRIES
    assert unanswered.look()["state"] == "in_progress"
    assert _order(unanswered)["status"] == "paid"
    refunds = silent.provider.control("GET", "refunds")["refunds"]
    back = [row["amount_fen"] for row in refunds if row["out_trade_no"] == silent.number]
    assert back == [_order(silent)["amount_fen"]]
    until(lambda: silent.patient.heard_of("refund_started"), what="the notice of the refund")


def _order(case: Case) -> dict[str, Any]:
    return dict(case.patient.call("GET", f"orders/{case.order}"))
