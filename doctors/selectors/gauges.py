"""Figures of doctors for Prometheus, read from the tables."""

from django.db.models import Sum
from prometheus_client.core import Metric

from clinic.core.clock import now
from clinic.core.exporter import gauge, reads_gauges
from doctors.models import Doctor


@reads_gauges
def doctor_gauges() -> list[Metric]:
    """Who is there, who has room, how many patients they have together."""
    moment = now()
    online = Doctor.objects.listed().online(moment).count()  # type: ignore[attr-defined]
    free = Doctor.objects.assignable(moment).count()  # type: ignore[attr-defined]
    load = Doctor.objects.aggregate(load=Sum("current_consultation_count"))["load"] or 0
    return [
        gauge("doctors_online", "Listed doctors who are online", online),
        gauge("doctors_free", "Doctors who could take a patient now", free),
        gauge("doctors_load", "Places taken over all doctors", load),
    ]
