"""Requests per second of the busiest endpoints, beside an empty view and their own statements."""

import json
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from bench import machine, seed
from bench.raw import RawResult, pgbench
from bench.report import Report, Row
from bench.sockets import raw_messages
from bench.stack import Stack, run_tool
from clinic.core.roles import Role
from doctors.models import Doctor

CONNECTIONS = 16
SECTION = "Requests by HTTP, 16 connections"
API = "/api/v1"


class Requests:
    """The rows of this section; the empty view first, it is everybody's yardstick."""

    def __init__(self, stack: Stack, report: Report, *, seconds: int) -> None:
        self.stack, self.report, self.seconds = stack, report, seconds
        self.hello = 0.0

    def measure(self, *, writes: int) -> None:
        """Add all rows."""
        readers = seed.people(200, Role.PATIENT)
        hello = self._drive([self._get("/bench/hello", None)], is_endless=True)
        self.hello = hello["per_second"]
        self._add("empty view", hello, None)
        self._reads("doctor list, 20 of 5,000", f"{API}/doctors", readers)
        card = f"{API}/doctors/{Doctor.objects.values_list('public_id', flat=True)[0]}"
        self._reads("doctor card", card, readers)
        self._details()
        self._reads("unread notices", f"{API}/notices/unread-count", readers)
        self._orders(writes)
        self._messages(writes)

    def _reads(self, what: str, path: str, readers: list[seed.Person]) -> None:
        raw = self._raw_of(path, readers[0])
        requests = [self._get(path, person) for person in readers]
        self._add(what, self._drive(requests, is_endless=True), raw)

    def _details(self) -> None:
        cases = seed.served(200)
        raw = self._raw_of(f"{API}/consultations/{cases[0][1].public_id}", cases[0][0])
        requests = [
            self._get(f"{API}/consultations/{case.public_id}", person) for person, case in cases
        ]
        self._add("my consultation", self._drive(requests, is_endless=True), raw)

    def _orders(self, count: int) -> None:
        seed.price(2900)
        drafts = seed.drafts(count)
        requests = [
            self._post(f"{API}/consultations/{case.public_id}/order", person, None, key=True)
            for person, case in drafts
        ]
        raw = pgbench(self.stack.database_host, _order_script(drafts), seconds=self.seconds)
        self._add("order create", self._drive(requests, is_endless=False), raw)

    def _messages(self, count: int) -> None:
        raw = raw_messages(self.stack, self.seconds)
        talks = seed.talks(200)
        requests = []
        for number in range(count):
            talk, person, _other = talks[number % len(talks)]
            body = {"cid": uuid4().hex, "body": seed.TEXT}
            path = f"{API}/conversations/{talk.public_id}/messages"
            requests.append(self._post(path, person, body, key=False))
        self._add("message send by REST", self._drive(requests, is_endless=False), raw)

    def _add(self, what: str, seen: dict[str, Any], raw: RawResult | None) -> None:
        bad = {status: n for status, n in seen["statuses"].items() if int(status) >= 300}
        self.report.add(
            SECTION,
            Row(
                what=what,
                per_second=seen["per_second"],
                to_raw=seen["per_second"] / raw.per_second if raw else None,
                to_hello=seen["per_second"] / self.hello,
                p50_ms=seen["p50_ms"],
                p99_ms=seen["p99_ms"],
                server_ms=seen["server_ms"],
                database_ms=seen["database_ms"],
                note=(f"raw {raw.per_second:,.0f}/s; " if raw else "")
                + (f"{bad} {seen['odd'][:1]}" if bad else f"{seen['count']} answers, all good"),
            ),
        )

    def _drive(self, requests: list[str], *, is_endless: bool) -> dict[str, Any]:
        web, database = self.stack.pid("web"), self.stack.postgres_pid()
        before = machine.cpu_seconds([web]), machine.cpu_seconds([database])
        given: dict[str, object] = {
            "port": self.stack.options.port,
            "requests": requests,
            "is_endless": is_endless,
            "warm_up": 50,
            "connections": CONNECTIONS,
            "seconds": self.seconds if is_endless else self.seconds * 4,
        }
        seen: dict[str, Any] = run_tool("bench.http_load", given, self.stack)
        after = machine.cpu_seconds([web]), machine.cpu_seconds([database])
        count = max(1, seen["count"] + 50)
        seen["server_ms"] = (after[0] - before[0]) / count * 1000
        seen["database_ms"] = (after[1] - before[1]) / count * 1000
        return seen

    def _raw_of(self, path: str, person: seed.Person) -> RawResult:
        """Return what PostgreSQL alone does with the statements of one request, as sent."""
        client = Client(headers={"Authorization": f"Bearer {person.token}"})
        plain = override_settings(PREPARES_STATEMENTS=False)  # pgbench prepares by itself
        with plain, CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(answer.content[:300])
        script = "".join(f"{query['sql']};\n" for query in captured.captured_queries)
        return pgbench(self.stack.database_host, script, seconds=self.seconds)

    def _get(self, path: str, person: seed.Person | None) -> str:
        return self._head("GET", path, person) + "\r\n"

    def _post(self, path: str, person: seed.Person, body: object, *, key: bool) -> str:
        text = "" if body is None else json.dumps(body)
        head = self._head("POST", path, person)
        head += f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n"
        head += f"Idempotency-Key: {uuid4()}\r\n" if key else ""
        return f"{head}\r\n{text}"

    def _head(self, method: str, path: str, person: seed.Person | None) -> str:
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.stack.options.port}\r\n"
        return head + (f"Authorization: Bearer {person.token}\r\n" if person else "")


def _order_script(drafts: list[tuple[seed.Person, Any]]) -> str:
    keys = [case.pk for _person, case in drafts]
    person = drafts[0][0]
    return ORDER.format(
        low=min(keys), high=max(keys), user=person.user_id, session=person.session_id
    )


ORDER = """\\set case random({low}, {high})
SELECT s.id, s.user_id FROM accounts_devicesession s WHERE s.id = {session};
BEGIN;
SELECT id FROM consultations_consultation WHERE id = :case FOR NO KEY UPDATE;
INSERT INTO payments_paymentorder (public_id, created_at, number, payer_id, subject_kind,
  subject_public_id, title, amount_fen, paid_fen, refund_reserved_fen, refunded_fen, status,
  price_snapshot, expires_at)
VALUES (gen_random_uuid(), now(), left(replace(gen_random_uuid()::text, '-', ''), 24), {user},
  'bench', gen_random_uuid(), 'raw', 2900, 0, 0, 0, 'pending', '{{}}', now() + interval '1 hour');
UPDATE consultations_consultation SET tried_at = now() WHERE id = :case;
INSERT INTO consultations_consultationevent
  (consultation_id, from_state, to_state, actor, reason, at)
VALUES (:case, 'draft', 'draft', 'raw', 'ordered', now());
COMMIT;
"""
