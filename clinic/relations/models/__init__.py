"""Tables of the room."""

from clinic.relations.models.broadcast import Broadcast, Delivery
from clinic.relations.models.group import GroupMember, PatientGroup
from clinic.relations.models.invite import Invite, InviteImage, InviteScan
from clinic.relations.models.relation import Relation, RelationQuerySet

__all__ = [
    "Broadcast",
    "Delivery",
    "GroupMember",
    "Invite",
    "InviteImage",
    "InviteScan",
    "PatientGroup",
    "Relation",
    "RelationQuerySet",
]
