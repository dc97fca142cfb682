"""What every member of the cast may do with Lin's things, and how to ask for it."""

import json
import re
from typing import Any
from uuid import UUID

from clinic.core import policy
from clinic.core.ids import uuid7
from clinic.core.policy import Reach
from tests.architecture.document import body_for, documented_as
from tests.architecture.operations import Operation
from tests.world import World, undone

CAST = ["anonymous", "lin", "ge", "shen", "luo", "wu", "bao", "yao", "qian", "wen", "jian", "an"]
# Who takes part in Lin's things, beside roles that reach all rows.
PEOPLE = {
    "visit-persons": {"lin"},
    "consents": {"lin"},
    "sessions": {"lin"},
    "notices": {"lin"},
    "orders": {"lin"},
    "consultations": {"lin", "shen"},
    "appointments": {"lin", "shen"},
    "codes/appointments": {"lin", "shen"},
    "conversations": {"lin", "shen", "luo"},
    "messages": {"lin", "shen", "luo"},
    "files": {"lin", "shen", "luo"},
    "intake-files": {"lin", "shen"},
    "reviews": {"lin", "luo"},
    "records": {"lin", "luo"},
    "credentials": {"shen"},
    "doctors": set(CAST),
    "branches": set(CAST),
    "calendars": set(CAST),  # who knows the secret in the address
    "stores": set(CAST),
    "leaves": {"shen"},
    "appointment-types": set(CAST),
    "follow-ups": {"lin", "shen"},
    "calls": {"lin", "shen"},
    "transfers": {"luo"},  # the colleague who was asked
    "chats": {"lin", "bao"},
    "chats/attachments": {"lin", "bao"},
    "chats/messages": {"lin", "bao"},
    "left-messages": {"lin", "bao"},
    "canned": {"bao"},
    "agents": {"bao"},
    "patients": {"shen"},
    "groups": {"shen"},
    "invites": {"shen"},
    "broadcasts": {"shen"},
    "phrases": {"shen"},
    "complaints": {"lin", "shen"},
    "users": set(),
    "user-batches": set(),
    "exports": {"lin"},
    "emergency-accesses": {"bao"},
    "emergency-accesses/records": {"bao"},
}
# Things that an address may name by another word than their id.
CODED = {("appointments", "<slug:code>"): "codes/appointments"}
# Luo gave Lin's case back: he reads on what was said in his time, and writes nothing.
LEFT = {("conversations", "send"): {"luo"}, ("conversations", "change"): {"luo"}}
# Whose own lists name a thing of Lin's: both doctors treated her visit person, Luo had the case.
KNOW = {"visit-persons": {"shen", "luo"}, "consultations": {"luo"}}
BODY_IDS = {
    "person_id": "visit-persons",
    "earlier_record_id": "records",
    "id": "intake-files",  # of a picture in an intake
    "patientId": "visit-persons",
    "doctor_id": "doctors",
    "doctorId": "doctors",
    "realtor_id": "doctors",
    "consultation_id": "consultations",
    "target": "agents",
    "mentions": "agents",
    "macro": "macros",
    "team": "teams",
    "patients": "patients",
    "texts": "consent-texts",
    "group": "groups",
    "front": "files",
    "back": "files",
    "picture": "files",
    "files": "files",
    "subject_id": "consultations",
    "users": "users",
}


def objects_of(operation: Operation) -> list[tuple[str, str]]:
    """Return (word, placeholder) of each id in the address: what the id is of.

    Messages of a service chat are others than those of a conversation, and a record in an
    emergency is open to others than its own people.
    """
    found = re.findall(r"([\w-]+)/(<[^>]+>)", operation.route)
    found = [(CODED.get(pair, pair[0]), pair[1]) for pair in found]
    first = found[0][0] if found else ""
    inside = f"{first}/" if first in {"chats", "emergency-accesses"} else ""
    return [
        (word if word == first else f"{inside}{word}", placeholder) for word, placeholder in found
    ]


def address(operation: Operation, objects: dict[str, UUID]) -> str:
    """Return the operation's address with ids filled in."""
    path = operation.route
    for word, placeholder in objects_of(operation):
        last = word.rpartition("/")[2]
        path = path.replace(f"{last}/{placeholder}", f"{last}/{objects[word]}")
    return f"/{path}"


def body_ids(objects: dict[str, UUID]) -> dict[str, UUID]:
    """Return the ids that bodies carry, by field."""
    return {field: objects[word] for field, word in BODY_IDS.items()}


def ask(world: World, name: str, operation: Operation, path: str) -> Any:
    """Send a well-formed request as a member."""
    told = documented_as(operation)
    body = body_for(told, body_ids(world.objects)) if told.body else None
    last4 = world.phone_last4
    if body and "phone_last4" in body:
        body |= {"code": world.objects["codes/appointments"], "phone_last4": last4}
    return world.client(name).generic(
        operation.method,
        path,
        "" if body is None else json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid7()), "X-Phone-Last4": last4},
    )


def try_out(world: World, name: str, operation: Operation, path: str) -> Any:
    """Send the request and undo what it did."""
    with undone():
        return ask(world, name, operation, path)


def expected(world: World, name: str, operation: Operation) -> str:
    """Return what a cell of the matrix promises: unknown, role, unseen or may."""
    view: Any = operation.view
    rights = policy.rights(view.resource, view.verbs[operation.method])
    if Reach.PUBLIC in rights.values():
        return "may"
    if name == "anonymous":
        return "unknown"
    reach = {rights[role] for role in world.member(name).actor.roles & rights.keys()}
    if not reach:
        return "role"
    verb = view.verbs[operation.method]
    parts = [PEOPLE[word] - LEFT.get((word, verb), set()) for word, _ in objects_of(operation)]
    if Reach.ALL in reach or all(name in people for people in parts):
        return "may"
    return "unseen"
