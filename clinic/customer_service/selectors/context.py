"""What the desk shows beside a conversation: who the customer is and what he has with the clinic.

Nothing medical and no ID number: which cases there are and where they stand, never what they say.
"""

from typing import Any, Final

from django.db.models import Count, OuterRef, Subquery

from appointments.models import Appointment
from appointments.selectors.appointments import visits_of
from clinic.accounts.models import User
from clinic.core.clock import clinic_day, now
from clinic.core.masking import mask_name, mask_phone
from clinic.customer_service.models import LeftMessage, ServiceChat
from clinic.customer_service.selectors.wording import team_of
from clinic.patients.rules import age_in_years
from clinic.patients.selectors import persons_of
from clinic.reviews.enums import TargetKind
from clinic.reviews.models import Review
from clinic.reviews.selectors import reviews_of
from consultations.models import Consultation
from consultations.selectors.consultations import cases_of
from payments.models import PaymentOrder
from payments.selectors.orders import orders_paid_by
from payments.titles import title_words

Values = dict[str, Any]
SHOWN: Final = 5
CHATS_SHOWN: Final = 10


def context_of(chat: ServiceChat) -> Values:
    """Return the panel of a chat, in nine queries whatever the customer has."""
    customer = User.objects.get(pk=chat.customer_id)
    reviews = list(reviews_of(customer.pk)[: 2 * SHOWN])
    served = [one for one in reviews if one.target_kind == TargetKind.SERVICE_CHAT]
    other = [one for one in reviews if one.target_kind != TargetKind.SERVICE_CHAT]
    return {
        "card": _card(chat, customer),
        "consultations": [_case(case) for case in cases_of(customer.pk)[:SHOWN]],
        "appointments": [_visit(visit) for visit in visits_of(customer.pk)[:SHOWN]],
        "orders": [_order(order) for order in orders_paid_by(customer.pk)[:SHOWN]],
        "past_chats": _past_chats(chat),
        "left_messages": [_left(one) for one in _left_by(customer.pk)[:SHOWN]],
        "ratings": [_rating(one) for one in served],
        "reviews": [_review(one) for one in other],
    }


def _card(chat: ServiceChat, customer: User) -> Values:
    persons = list(persons_of(customer.pk))
    earlier = ServiceChat.objects.filter(customer=customer.pk).exclude(pk=chat.pk)
    chats = earlier.aggregate(n=Count("pk"))["n"]
    return {
        "id": customer.public_id,
        "name": mask_name(customer.name),
        "phone": mask_phone(customer.phone),
        "side": chat.side,
        "language": customer.language,
        "since": customer.created_at,
        "persons": len(persons),
        "person": _person(persons[0]) if persons else None,
        "chats": chats,
    }


def _person(person: Any) -> Values:
    return {"gender": person.gender, "age": age_in_years(person.birthday, clinic_day(now()))}


def _case(case: Consultation) -> Values:
    return {
        "id": case.public_id,
        "kind": case.kind,
        "state": case.state,
        "department": case.department.name if case.department else "",
        "doctor": case.doctor.name if case.doctor else "",
        "at": case.created_at,
    }


def _visit(visit: Appointment) -> Values:
    return {
        "id": visit.public_id,
        "kind": visit.kind.name,
        "state": visit.state,
        "branch": visit.branch.name if visit.branch else "",
        "doctor": visit.doctor.name if visit.doctor else "",
        "starts_at": visit.starts_at,
        "at": visit.created_at,
    }


def _order(order: PaymentOrder) -> Values:
    return {
        "id": order.public_id,
        "title": title_words(order.title),
        "kind": order.subject_kind,
        "amount_fen": order.amount_fen,
        "status": order.status,
        "at": order.created_at,
    }


def _past_chats(chat: ServiceChat) -> list[Values]:
    stars = Review.objects.filter(
        target_kind=TargetKind.SERVICE_CHAT, target_public_id=OuterRef("public_id")
    ).values("stars")
    rows = (
        ServiceChat.objects.filter(customer=chat.customer_id)
        .exclude(pk=chat.pk)
        .select_related("team", "agent")
        .annotate(stars=Subquery(stars[:1]))
        .order_by("-id")
    )
    return [_past(row) for row in rows[:CHATS_SHOWN]]


def _past(row: Any) -> Values:
    team = row.team
    return {
        "id": row.public_id,
        "state": row.state,
        "team": team_of(team.public_id, team.code, team.name_zh, team.name_en),
        "agent": row.agent.nickname if row.agent else "",
        "at": row.created_at,
        "ended_at": row.ended_at,
        "end_reason": row.end_reason,
        "stars": row.stars,
    }


def _left_by(customer_id: int) -> Any:
    return LeftMessage.objects.filter(customer=customer_id).order_by("-id")


def _left(message: LeftMessage) -> Values:
    return {
        "id": message.public_id,
        "state": message.state,
        "body": message.body,
        "at": message.created_at,
    }


def _rating(review: Review) -> Values:
    return {
        "chat": review.target_public_id,
        "stars": review.stars,
        "tags": review.tags,
        "text": review.text,
        "at": review.created_at,
    }


def _review(review: Review) -> Values:
    return {
        "id": review.public_id,
        "stars": review.stars,
        "tags": review.tags,
        "target_kind": review.target_kind,
        "at": review.created_at,
    }
