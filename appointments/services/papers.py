"""What a booking wants of its person: consents that stand, online also a verified name."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from appointments.enums import Mode
from appointments.models import AppointmentType
from clinic.core.clock import clinic_day
from clinic.core.errors import InvalidInputError
from clinic.patients.models import VisitPerson
from clinic.patients.rules import kinds_wanted
from clinic.patients.selectors.consents import TextInForce
from clinic.patients.services.consents import require_consents
from clinic.patients.services.real_name import require_real_name
from clinic.settings import rules as numbers


def check_papers(
    kind: AppointmentType,
    person: VisitPerson,
    texts: Sequence[TextInForce],
    *,
    are_shown: bool,
    now: datetime,
) -> None:
    """Let a person pass for whom this may be booked; ``texts`` are those in force for him.

    ``are_shown``: the branch looks at them, as it does for whom its desk books and for whom an old
    client books by name and phone. Raises RealNameNeededError, ConsentNeededError with the door to
    use, InvalidInputError while nobody knows whether a guardian has to consent.
    """
    if kind.mode == Mode.CLINIC and are_shown:
        return
    if person.birthday is None:
        raise InvalidInputError("person_id", _("First say when this visit person was born."))
    if kind.mode in numbers.APPOINTMENT_REAL_NAME_IN:
        require_real_name(person, now)
    is_online = kind.mode in numbers.APPOINTMENT_SERVICE_CONSENT_IN
    kinds = kinds_wanted(person.birthday, clinic_day(now), is_online=is_online)
    require_consents(person, kinds, texts, now)
