"""Visit persons who may order and book at once: verified, their consents to the texts stand.

For demo data, benchmarks and tests; everybody else goes through the register and reads the texts.
"""

from collections.abc import Sequence
from datetime import datetime

from clinic.core.actor import system_actor
from clinic.core.clock import clinic_day
from clinic.patients.enums import GuardianRelation, RealName
from clinic.patients.models import Consent, VisitPerson
from clinic.patients.rules import kinds_wanted, needs_guardian
from clinic.patients.selectors.consents import current_texts
from clinic.patients.services.consent_texts import publish_first_texts

SEEDER = system_actor("demo data")
BATCH = 5000


def make_ready(persons: Sequence[VisitPerson], now: datetime) -> None:
    """Make stored persons able to order. Safe to repeat; a handful of statements for any number."""
    ids = [person.pk for person in persons]
    rows = VisitPerson.objects.filter(pk__in=ids)
    rows.update(real_name_state=RealName.VERIFIED, real_name_at=now)
    for person in persons:
        person.real_name_state, person.real_name_at = RealName.VERIFIED, now
    texts = current_texts(now)
    if not texts:
        publish_first_texts(now=now, by=SEEDER)
        texts = current_texts(now)
    day = clinic_day(now)
    Consent.objects.bulk_create(
        (
            _consent(person, text.pk, now, is_child=needs_guardian(person.birthday, day))
            for person in persons
            for text in texts
            if text.kind in kinds_wanted(person.birthday, day)
        ),
        BATCH,
        ignore_conflicts=True,
    )


def _consent(person: VisitPerson, text_id: int, now: datetime, *, is_child: bool) -> Consent:
    return Consent(
        account_id=person.account_id,
        person=person,
        text_id=text_id,
        created_at=now,
        is_by_guardian=is_child,
        guardian_name="林小月" if is_child else "",
        guardian_relation=GuardianRelation.MOTHER if is_child else "",
    )
