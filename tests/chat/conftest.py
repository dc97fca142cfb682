"""A conversation between patient Lin and doctor Mo."""

import pytest

from chat.enums import ConversationKind
from chat.models import Conversation
from chat.services.conversations import MemberSpec, open_conversation
from clinic.core.roles import Role
from tests.cast import Member, make_member

TOPIC = "consultation:test"


@pytest.fixture
def mo(db: None) -> Member:
    """A doctor's account."""
    return make_member("莫离", Role.DOCTOR)


@pytest.fixture
def talk(lin: Member, mo: Member) -> Conversation:
    """Lin's conversation with doctor Mo."""
    return open_conversation(
        kind=ConversationKind.CONSULTATION,
        topic=TOPIC,
        members=[MemberSpec(lin.user.pk, "patient"), MemberSpec(mo.user.pk, "doctor")],
    )
