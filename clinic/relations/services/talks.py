"""The conversation of a doctor and a patient outside consultations: the doctor writes to him."""

from datetime import datetime

from chat.enums import ConversationKind, MemberRole, Writing
from chat.models import Conversation
from chat.services.conversations import (
    MemberSpec,
    close_writing,
    limit_writing,
    open_conversation,
)
from clinic.core.errors import NotFoundError
from clinic.relations.models import Relation
from clinic.settings import rules


def topic_of(relation: Relation) -> str:
    """Return the unique topic of the conversation of a relation."""
    return f"relation:{relation.public_id}"


def open_talk(relation: Relation, *, now: datetime) -> Conversation:
    """Return the conversation in which the doctor may write and the patient reads."""
    topic = topic_of(relation)
    members = [
        MemberSpec(relation.patient_id, MemberRole.PATIENT),
        MemberSpec(relation.doctor.user_id, MemberRole.DOCTOR),
    ]
    talk = open_conversation(kind=ConversationKind.RELATION, topic=topic, members=members)
    until = talk.writing_until
    is_limited = talk.writing == Writing.LIMITED and until is not None
    if not is_limited or (until is not None and until < now + rules.RELATION_TALK_RENEWED):
        limit_writing(
            topic, role=MemberRole.PATIENT, messages=0, until=now + rules.RELATION_TALK_LIFE
        )
    return talk


def close_talk(relation: Relation) -> None:
    """Let nobody write any more, if there is a conversation."""
    try:
        close_writing(topic_of(relation))
    except NotFoundError:
        return
