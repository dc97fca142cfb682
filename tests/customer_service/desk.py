"""What the tests of the desk share: asking its addresses, talking in a chat."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group

from clinic.core.ids import uuid7
from clinic.core.roles import Role
from clinic.customer_service.models import ServiceChat
from tests.cast import Member
from tests.customer_service.conftest import AgentMember


def get(who: AgentMember | Member, path: str, **query: Any) -> Any:
    """Ask for something of the desk."""
    return _client(who).get(f"/api/v1/desk/{path}", query)


def post(who: AgentMember | Member, path: str, body: Any = None, *, method: str = "post") -> Any:
    """Do something at the desk."""
    send = getattr(_client(who), method)
    return send(f"/api/v1/desk/{path}", body or {}, format="json")


def say(who: AgentMember | Member, chat: ServiceChat, body: str, **fields: Any) -> Any:
    """Send a message in the conversation of a chat."""
    path = f"/api/v1/conversations/{chat.conversation.public_id}/messages"
    told = {"cid": str(uuid7()), "body": body, **fields}
    answer = _client(who).post(path, told, format="json")
    assert answer.status_code < 300, answer.content
    return answer.json()


def ids(answer: Any) -> list[UUID]:
    """Return the ids of a list."""
    assert answer.status_code == 200, answer.content
    return [UUID(row["id"]) for row in answer.json()["results"]]


def make_admin(member: Member) -> Member:
    """Give the account the role of administrators."""
    member.user.groups.add(Group.objects.get_or_create(name=Role.ADMIN.value)[0])
    return member


def _client(who: AgentMember | Member) -> Any:
    return who.member.client if isinstance(who, AgentMember) else who.client
