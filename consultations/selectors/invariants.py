"""Promises about consultations that can be proved by a query at any time."""

from datetime import timedelta

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.core.invariants import invariant
from clinic.records.enums import State as RecordState
from clinic.records.enums import Subject
from clinic.settings import rules as numbers
from consultations.enums import (
    CALL_OPEN,
    MOVES,
    PHONE_KINDS,
    WITH_DOCTOR,
    StaffTask,
    State,
    TransferState,
)
from consultations.models import (
    Assignment,
    Consultation,
    ExtraPlace,
    Hold,
    PhoneCall,
    RevisitCheck,
    SignedCase,
    Transfer,
)
from consultations.selectors.consultations import SUBJECT_KIND
from doctors.models import Doctor
from payments.enums import REFUNDABLE
from payments.models import PaymentOrder, Refund

# A payment is opened within milliseconds, or else by the next sweep.
GRACE = numbers.ASSIGNMENT_SWEEP_EVERY + timedelta(minutes=1)

REPLAY = """
SELECT c.public_id FROM consultations_consultation c
LEFT JOIN LATERAL (
  SELECT to_state FROM consultations_consultationevent e
  WHERE e.consultation_id = c.id ORDER BY e.id DESC LIMIT 1
) last ON true
WHERE last.to_state IS DISTINCT FROM c.state
UNION
SELECT c.public_id FROM (
  SELECT consultation_id, from_state, to_state,
    lag(to_state, 1, '') OVER (PARTITION BY consultation_id ORDER BY id) AS before
  FROM consultations_consultationevent
) e JOIN consultations_consultation c ON c.id = e.consultation_id
WHERE e.from_state <> e.before
  OR NOT (e.from_state || '>' || e.to_state = ANY(%s))
"""


@invariant("I1", _("Each paid order has a doctor, a place in the queue, or a refund."))
def paid_orders_left_alone() -> list[str]:
    """Return paid consultation orders that nobody serves, queues or refunds."""
    cases = Consultation.objects.filter(public_id=OuterRef("subject_public_id"))
    queued = cases.filter(state=State.WAITING_ASSIGNMENT)
    served = cases.filter(
        Exists(Assignment.objects.filter(consultation=OuterRef("pk"))), doctor__isnull=False
    )
    decided = cases.exclude(staff_task=StaffTask.NONE)
    refunded = Refund.objects.filter(order=OuterRef("pk")).exclude(status="failed")
    lost = (
        PaymentOrder.objects.filter(
            subject_kind=SUBJECT_KIND, status__in=REFUNDABLE, amount_fen__gt=0
        )
        .filter(paid_at__lt=now() - GRACE)
        .exclude(Exists(queued) | Exists(served) | Exists(decided) | Exists(refunded))
    )
    return [f"order {public_id}" for public_id in lost.values_list("public_id", flat=True)]


@invariant("I1", _("A case with a doctor has exactly one open assignment, every other case none."))
def cases_without_their_assignment() -> list[str]:
    """Return cases whose open assignments do not fit their state."""
    current = Assignment.objects.filter(
        consultation=OuterRef("pk"), doctor=OuterRef("doctor"), ended_at=None
    )
    any_open = Assignment.objects.filter(consultation=OuterRef("pk"), ended_at=None)
    wrong = Consultation.objects.filter(
        (Q(state__in=WITH_DOCTOR) & ~Exists(current))
        | (~Q(state__in=WITH_DOCTOR) & Exists(any_open))
    )
    return [f"consultation {public_id}" for public_id in wrong.values_list("public_id", flat=True)]


@invariant("I4", _("Each doctor's count equals his open assignments and is within his limit."))
def wrong_counts() -> list[str]:
    """Return doctors whose counted load differs from the truth or exceeds their limit."""
    live = Count("assignments", filter=Q(assignments__ended_at=None))
    wrong = Doctor.objects.annotate(live=live).filter(
        ~Q(current_consultation_count=F("live"))
        | Q(current_consultation_count__gt=F("place_limit"))
    )
    return [
        f"doctor {public_id}: counted {counted}, open {live}, limit {limit}"
        for public_id, counted, live, limit in wrong.values_list(
            "public_id", "current_consultation_count", "live", "place_limit"
        )
    ]


@invariant(
    "I7", _("Each consultation's history is a chain of allowed moves that ends in its state.")
)
def broken_histories() -> list[str]:
    """Return cases whose recorded moves do not lead to their state."""
    allowed = [f"{state}>{to}" for state, row in MOVES.items() for to in row]
    with connection.cursor() as cursor:
        cursor.execute(REPLAY, [allowed])
        return [f"consultation {row[0]}" for row in cursor.fetchall()]


@invariant("I1", _("A case before payment holds no payment moment."))
def paid_drafts() -> list[str]:
    """Return cases that hold a payment moment but stand before payment."""
    wrong = Consultation.objects.filter(
        state__in=[State.DRAFT, State.PENDING_PAYMENT], paid_at__isnull=False
    )
    return [f"consultation {public_id}" for public_id in wrong.values_list("public_id", flat=True)]


@invariant("I7", _("A case is on hold exactly while it has an open hold."))
def holds_without_their_case() -> list[str]:
    """Return cases whose clock and open holds disagree."""
    current = Hold.objects.filter(
        consultation=OuterRef("pk"), ended_at=None, started_at=OuterRef("held_since")
    )
    any_open = Hold.objects.filter(consultation=OuterRef("pk"), ended_at=None)
    wrong = Consultation.objects.filter(
        (Q(held_since__isnull=False) & ~Exists(current)) | (Q(held_since=None) & Exists(any_open))
    )
    return [f"consultation {public_id}" for public_id in wrong.values_list("public_id", flat=True)]


@invariant("I7", _("An open offer of transfer or an open call belongs to who has the case."))
def offers_of_former_doctors() -> list[str]:
    """Return offers and calls that outlived their doctor's time with the case."""
    offers = Transfer.objects.filter(state=TransferState.OFFERED).exclude(
        from_doctor=F("consultation__doctor"), consultation__state__in=WITH_DOCTOR
    )
    calls = PhoneCall.objects.filter(
        state__in=CALL_OPEN, consultation__kind__in=PHONE_KINDS
    ).exclude(doctor=F("consultation__doctor"), consultation__state=State.IN_PROGRESS)
    return [f"transfer {one.public_id}" for one in offers.only("public_id")] + [
        f"call {one.public_id}" for one in calls.only("public_id")
    ]


@invariant("I4", _("Who has no case has no extra place."))
def extra_places_left_over() -> list[str]:
    """Return open extra places of doctors without any open assignment."""
    busy = Assignment.objects.filter(doctor=OuterRef("doctor"), ended_at=None)
    left = ExtraPlace.objects.filter(~Exists(busy), ended_at=None).select_related("doctor")
    return [f"doctor {place.doctor.public_id}: limit {place.limit}" for place in left]


@invariant(
    "consultations.revisit",
    _("Who signed the record of a case confirmed its re-visit, or referred it."),
)
def signed_without_a_revisit() -> list[str]:
    """Return signed records of cases that are neither confirmed re-visits nor referrals."""
    checks = RevisitCheck.objects.filter(
        consultation=OuterRef("pk"), doctor=OuterRef("doctor")
    ).order_by("-id")
    cases = Consultation.objects.filter(
        public_id=OuterRef("subject_public_id"), doctor=OuterRef("doctor")
    ).annotate(fits=Subquery(checks.values("fits")[:1]))
    wrong = SignedCase.objects.filter(
        ~Exists(cases.filter(Q(fits=True) | Q(state=State.REFERRED_OFFLINE))),
        subject_kind=Subject.CONSULTATION,
        state=RecordState.SIGNED,
    )
    return [f"record {number}" for number in wrong.values_list("number", flat=True)]
