"""Who acted, as people say it: the labels of ``Actor`` in words."""

import re
from collections.abc import Iterable
from typing import Final

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.core.masking import mask_name
from clinic.core.roles import Role

PERSON_KEY: Final = r"^user:[0-9a-f-]{36}$"
PARTS: Final = {
    "account deletion": _("deletion of the account"),
    "accounts": _("accounts"),
    "agent silence": _("silent agent"),
    "appointment sweep": _("rules of appointments"),
    "assign_waiting command": _("command"),
    "assignment": _("assignment"),
    "assignment sweep": _("assignment"),
    "bill": _("bill"),
    "broadcast": _("broadcast"),
    "callback": _("payment provider"),
    "calls": _("phone calls"),
    "closing time": _("closing time"),
    "complaint sweep": _("rules of complaints"),
    "create_staff": _("command"),
    "credential watch": _("watch over credentials"),
    "deletion of the account": _("deletion of the account"),
    "deletion sweep": _("deletion of the account"),
    "demo data": _("demo data"),
    "dispatch": _("dispatch"),
    "displacing": _("displaced appointments"),
    "doctor standing": _("standing of the doctor"),
    "export builder": _("export"),
    "export_reads": _("command"),
    "idle rule": _("silence"),
    "import_holidays": _("command"),
    "order closing": _("closing of orders"),
    "order expiry": _("closing of orders"),
    "payment": _("payment"),
    "payment query": _("payment"),
    "quality sampling": _("quality sampling"),
    "refund": _("refund"),
    "refund hint": _("refund"),
    "refund sender": _("refund"),
    "registration": _("registration"),
    "regulator export": _("regulator's tables"),
    "reset_second_factor": _("command"),
    "retention": _("retention"),
    "revoked consent": _("revoked consent"),
    "service timer": _("timer"),
    "stray money": _("stray money"),
    "suspension of the doctor": _("suspension of the doctor"),
    "timer": _("timer"),
    "waiting list": _("Waiting list"),
}


def names_of(labels: Iterable[str]) -> dict[str, str]:
    """Return the words for each label, in one query; strange labels stay as they are."""
    told = set(labels)
    keys = {label: label[5:] for label in told if re.match(PERSON_KEY, label)}
    is_patient = Exists(
        get_user_model().objects.filter(pk=OuterRef("pk"), groups__name=Role.PATIENT)
    )
    people = get_user_model().objects.filter(public_id__in=keys.values())
    rows = people.annotate(is_patient=is_patient).values_list("public_id", "name", "is_patient")
    known = {str(key): name_person(name, is_patient=patient) for key, name, patient in rows}
    return {label: known.get(keys.get(label, ""), "") or name_part(label) for label in told}


def name_person(name: str, *, is_patient: bool) -> str:
    """Return a person's name, a patient's masked and marked."""
    return gettext("%(name)s, patient") % {"name": mask_name(name)} if is_patient else name


def name_part(label: str) -> str:
    """Return which part of the system a label means."""
    kind, _colon, part = label.partition(":")
    if kind == "user" or (part and kind not in {"system", "gateway"}):
        return label
    if not part:
        return gettext("System")
    return gettext("System (%(part)s)") % {"part": PARTS.get(part, part)}
