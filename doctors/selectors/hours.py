"""Whether a doctor's hours for consultations are open, wherever he is."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from clinic.core.clock import clinic_time
from doctors.models import Doctor, ServiceHours
from doctors.rules import Stretch, opening


def takes_consultations(doctor: Doctor, moment: datetime) -> bool:
    """Say whether the doctor's switch is on and the moment lies in his hours."""
    return doctor.pk in open_now([doctor.pk], moment)


def open_now(doctor_ids: Collection[int], moment: datetime) -> list[int]:
    """Return those whose switch is on and whose hours are open, by key; two queries for all."""
    hours: dict[int, list[Stretch]] = defaultdict(list)
    rows = ServiceHours.objects.filter(doctor_id__in=doctor_ids)
    for doctor_id, weekday, start, end in rows.values_list("doctor_id", "weekday", "start", "end"):
        hours[doctor_id].append(Stretch(weekday=weekday, start=start, end=end))
    switched_on = Doctor.objects.filter(pk__in=doctor_ids, is_service_open=True)
    keys = switched_on.order_by("pk").values_list("pk", flat=True)
    local = clinic_time(moment)
    return [pk for pk in keys if opening(hours[pk], local).is_open]
