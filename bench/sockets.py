"""Messages over sockets: sent, stored, acknowledged and received by the other one."""

from typing import Any

from bench import machine, seed
from bench.raw import RawResult, pgbench
from bench.report import Report, Row
from bench.stack import Stack, run_tool
from chat.models import Conversation, Message

SECTION = "Messages over sockets, two members each, one socket process"
PACE = 100


def measure(stack: Stack, report: Report, *, seconds: int) -> None:
    """Add raw inserts, then 20 and 200 sockets, saturated and paced."""
    raw = raw_messages(stack, seconds)
    report.add(
        SECTION,
        Row(what="raw: one message a transaction", per_second=raw.per_second, to_raw=1.0),
    )
    for sockets in (20, 200):
        talks = seed.talks(sockets // 2)
        for pace in (None, PACE):
            report.add(SECTION, _row(stack, talks, pace, seconds, raw))


def raw_messages(stack: Stack, seconds: int) -> RawResult:
    """Return how many messages a second plain SQL stores, one to a transaction."""
    talks = seed.talks(100)
    keys = [conversation.pk for conversation, _one, _other in talks]
    script = RAW.format(low=min(keys), high=max(keys), sender=talks[0][1].user_id)
    return pgbench(stack.database_host, script, seconds=seconds)


def _row(
    stack: Stack,
    talks: list[tuple[Conversation, seed.Person, seed.Person]],
    pace: int | None,
    seconds: int,
    raw: RawResult,
) -> Row:
    seats = [
        {"conv": str(talk.public_id), "token": person.token, "user": str(person.public_id)}
        for talk, *both in talks
        for person in both
    ]
    stored = Message.objects.count()
    web, database = stack.pid("web"), stack.postgres_pid()
    before = machine.cpu_seconds([web]), machine.cpu_seconds([database])
    given = {
        "kind": "clinic",
        "port": stack.options.port,
        "seats": seats,
        "seconds": seconds,
        "per_second": pace,
    }
    seen: dict[str, Any] = run_tool("bench.socket_load", given, stack)
    after = machine.cpu_seconds([web]), machine.cpu_seconds([database])
    stored = Message.objects.count() - stored
    count = max(1, seen["acked"])
    name = f"paced at {pace}/s" if pace else "saturated"
    return Row(
        what=f"{len(seats)} sockets, {name}",
        per_second=seen["per_second"],
        to_raw=None if pace else seen["per_second"] / raw.per_second,
        p50_ms=seen["p50_ms"],
        p99_ms=seen["p99_ms"],
        server_ms=(after[0] - before[0]) / count * 1000,
        database_ms=(after[1] - before[1]) / count * 1000,
        note=_checks(seen, stored),
    )


def _checks(seen: dict[str, Any], stored: int) -> str:
    words = (
        f"{seen['acked']} acknowledged, {stored} stored, {seen['lost']} lost, "
        f"{seen['doubled']} doubled, acknowledged p99 {seen['ack_p99_ms']:.0f} ms"
    )
    if seen["unanswered"] or seen["refused"]:
        words += f", {seen['unanswered']} unanswered {seen['refused']}"
    return words


RAW = """\\set conversation random({low}, {high})
BEGIN;
UPDATE chat_conversation SET last_seq = last_seq + 1, last_rev = last_rev + 1,
  last_message_at = now(), changed_at = now()
WHERE id = :conversation RETURNING last_seq AS seq, last_rev AS rev \\gset
INSERT INTO chat_message (public_id, created_at, conversation_id, seq, rev, sender_id, role,
  client_id, kind, body, extra, code, params)
VALUES (gen_random_uuid(), now(), :conversation, :seq, :rev, {sender}, 'patient',
  gen_random_uuid()::text, 'text', 'a line of text as people write it', NULL, '', NULL);
COMMIT;
"""
