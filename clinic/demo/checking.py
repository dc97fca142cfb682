"""What must be true in the database after the demo."""

from uuid import UUID

from django.utils.translation import gettext as _

from chat.models import Message
from clinic.core.invariants import all_invariants
from clinic.demo.tally import Tally


def breaches(tally: Tally) -> list[str]:
    """Return every broken promise: the invariants, lost or doubled messages, noted problems."""
    found = [
        f"{item.code} {item.sentence} {line}"
        for item in all_invariants()
        for line in item.breaches()
    ]
    found += _lost_messages(tally)
    found += [
        _("%(device)s got message %(id)s %(times)s times")
        % {"device": device, "id": message, "times": times}
        for (device, message), times in tally.received.items()
        if times > 1
    ]
    return found + tally.problems


def _lost_messages(tally: Tally) -> list[str]:
    wanted = {UUID(str(message)) for message in tally.acknowledged}
    stored = set(Message.objects.filter(public_id__in=wanted).values_list("public_id", flat=True))
    return [
        _("message %(id)s was acknowledged and is not stored") % {"id": message}
        for message in wanted - stored
    ]
