"""Easy!Appointments as it runs somewhere on this machine: its data and its requests.

It is not installed from here. ``MISSING`` says what has to be there; all traffic goes through its
own API and its public booking, as a website's would.
"""

import http.client
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

NAME: Final = "Easy!Appointments"
MARK: Final = "bench"  # last name of doctors and name of the service made here
MINUTES: Final = 30
PLAN: Final = {"start": "09:00", "end": "17:00", "breaks": [{"start": "12:00", "end": "13:00"}]}
WEEK: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MISSING: Final = (
    "Easy!Appointments is left out: install it after its own manual (easyappointments.org: PHP "
    "with php-fpm, MariaDB, a web server that keeps connections), switch its rate limit and its "
    "mails off, set an API token, and name it here: "
    "EASYAPPOINTMENTS_URL=http://127.0.0.1:8391 EASYAPPOINTMENTS_TOKEN=bench-token"
)
AS_OLD: Final = "Easy!Appointments holds as many"
EMPTY: Final = (
    "Easy!Appointments holds no earlier appointments, which flatters it: "
    "mariadb easyappointments < bench/peers/easyappointments_history.sql"
)
TIMEOUT_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Peer:
    """Where it answers, with what was made in it for a run."""

    port: int
    token: str
    service: int = 0
    doctors: tuple[int, ...] = ()

    def request(self, method: str, path: str, body: object = None) -> str:
        """Return the text of a request with its token and the double-submit of its forms."""
        text = "" if body is None else json.dumps(body)
        return (
            f"{method} /index.php/{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Authorization: Bearer {self.token}\r\nCookie: csrf_cookie=bench\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n{text}"
        )

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Send one call of its API and return the answer. Raises RuntimeError."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        link.request(method, f"/index.php/api/v1/{path}", json.dumps(body), headers)
        answer = link.getresponse()
        content = answer.read()
        link.close()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:200]!r}")
        return json.loads(content) if content else None

    def is_old(self) -> bool:
        """Say whether it has the past that easyappointments_history.sql makes."""
        return bool(self.ask("GET", "customers?length=1&q=history.example"))

    def doctor_day(self, doctor: int, day: date) -> str:
        """Ask for the free times of a doctor on a date."""
        told = f"providerId={doctor}&serviceId={self.service}&date={day}"
        return self.request("GET", f"api/v1/availabilities?{told}")

    def house_day(self, day: date) -> str:
        """Ask for the free times of all doctors on a date; a week is seven of these."""
        told = {"provider_id": "any-provider", "service_id": self.service}
        told |= {"selected_date": f"{day}", "manage_mode": False}
        return self.request("POST", "booking/get_available_hours", told)

    def book(self, doctor: int, starts_at: datetime, customer: int) -> str:
        """Book as its public page does: the time is checked, then written."""
        ends_at = starts_at + timedelta(minutes=MINUTES)
        visit = {
            "start_datetime": f"{starts_at:%Y-%m-%d %H:%M:%S}",
            "end_datetime": f"{ends_at:%Y-%m-%d %H:%M:%S}",
            "notes": "",
            "is_unavailability": False,
            "id_users_provider": doctor,
            "id_services": self.service,
        }
        told = {"manage_mode": False, "appointment": visit, "customer": _customer(customer)}
        return self.request("POST", "booking/register", {"csrf_token": MARK, "post_data": told})

    def one(self, appointment: int) -> str:
        """Ask for one appointment."""
        return self.request("GET", f"api/v1/appointments/{appointment}")


def find() -> Peer | None:
    """Return the one that the environment names, if it answers there."""
    address = urlsplit(os.environ.get("EASYAPPOINTMENTS_URL", "http://127.0.0.1:8391"))
    peer = Peer(address.port or 80, os.environ.get("EASYAPPOINTMENTS_TOKEN", "bench-token"))
    try:
        peer.ask("GET", "services")
    except (OSError, RuntimeError, ValueError):
        return None
    return peer


def prepare(peer: Peer, *, doctors: int) -> Peer:
    """Return it with new doctors of one new service; those of earlier runs are removed."""
    for kind, name in (("providers", "lastName"), ("services", "name")):
        for row in peer.ask("GET", f"{kind}?length=1000&q={MARK}"):
            if row[name] == MARK:
                peer.ask("DELETE", f"{kind}/{row['id']}")
    told = {"name": MARK, "duration": MINUTES, "slotInterval": MINUTES, "attendantsNumber": 1}
    service = peer.ask("POST", "services", told | {"price": 0, "currency": "CNY"})["id"]
    made = [peer.ask("POST", "providers", _doctor(number, service)) for number in range(doctors)]
    return Peer(peer.port, peer.token, service, tuple(row["id"] for row in made))


def store(peer: Peer, taken: Iterable[tuple[int, datetime]]) -> list[int]:
    """Store appointments of doctors (by their number) and return their keys."""
    customer = peer.ask("POST", "customers", _api_customer())["id"]
    found = []
    for number, starts_at in taken:
        ends_at = starts_at + timedelta(minutes=MINUTES)
        told = {
            "start": f"{starts_at:%Y-%m-%d %H:%M:%S}",
            "end": f"{ends_at:%Y-%m-%d %H:%M:%S}",
            "customerId": customer,
            "providerId": peer.doctors[number],
            "serviceId": peer.service,
        }
        found.append(peer.ask("POST", "appointments", told)["id"])
    return found


def _doctor(number: int, service: int) -> dict[str, Any]:
    settings = {
        "username": f"{MARK}-{number}",
        "password": f"{MARK}-Password-{number}",
        "notifications": False,
        "calendarView": "default",
        "workingPlan": dict.fromkeys(WEEK, PLAN),
        "workingPlanExceptions": {},
    }
    return {
        "firstName": f"Doctor {number}",
        "lastName": MARK,
        "email": f"{MARK}-{number}@example.org",
        "phone": "+8613800000000",
        "timezone": "UTC",
        "services": [service],
        "settings": settings,
    }


def _api_customer() -> dict[str, str]:
    told = {"firstName": "Lin", "lastName": MARK, "phone": "+8613700000000"}
    return told | {"email": f"{uuid4()}@example.org"}


def _customer(number: int) -> dict[str, str]:
    return {
        "first_name": "Lin",
        "last_name": f"{MARK} {number}",
        "email": f"patient-{number}@example.org",
        "phone_number": "+8613700000000",
    }
