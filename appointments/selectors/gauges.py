"""Figures of appointments for Prometheus, read from the tables.

Totals are those of the clinic's day, as at the desk: every process tells the same.
"""

import math
from typing import Final

from django.db.models import Count, Q
from prometheus_client.core import CounterMetricFamily, Metric

from appointments.enums import OPEN_STATES, State
from appointments.models import Appointment
from appointments.selectors.appointments import DAY, midnight_of
from appointments.selectors.workload import booked_seconds, shares, working_seconds
from clinic.core.clock import clinic_day, now
from clinic.core.exporter import gauge, gauge_by, reads_gauges
from doctors.models import Doctor

WINDOW: Final = DAY
HAD_PLACE: Final = Q(starts_at__isnull=False)


@reads_gauges
def appointment_gauges() -> list[Metric]:
    """What was made today, what is open, and how much of the last day's ends were visits."""
    moment = now()
    made = CounterMetricFamily(
        "appointment_created", "Appointments made today", labels=["source", "type"]
    )
    today = Appointment.objects.filter(created_at__gte=midnight_of(clinic_day(moment)))
    for source, kind, count in (
        today.values_list("source", "kind__code").annotate(n=Count("pk")).order_by()
    ):
        made.add_metric([source, kind], count)
    states = Appointment.objects.filter(state__in=OPEN_STATES).values_list("state")
    counts = dict(states.annotate(n=Count("pk")).order_by())
    return [
        made,
        gauge_by(
            "appointments_open",
            "Open appointments",
            "state",
            {str(state): float(counts.get(state, 0)) for state in OPEN_STATES},
        ),
        gauge(
            "appointment_success_rate",
            "Share of the appointments that ended in the last 24 hours that took place",
            _success_rate(),
        ),
    ]


@reads_gauges
def utilisation_gauges() -> list[Metric]:
    """How much of today's hours of each doctor is booked, under both names."""
    moment = now()
    today = clinic_day(moment)
    working = working_seconds(today, today, moment=moment)
    found = shares(booked_seconds(today, today), working, by=0)
    names = dict(Doctor.objects.filter(pk__in=found).values_list("pk", "public_id"))
    used = {
        str(names[key]): share for key, share in found.items() if share is not None and key in names
    }
    text = "Share of today's working hours that is booked, by doctor"
    return [
        gauge_by(name, text, "doctor", used)
        for name in ("doctor_utilization", "realtor_utilization")
    ]


def _success_rate() -> float:
    """Return the share; not a number when nothing ended."""
    ended = Appointment.objects.filter(HAD_PLACE, ended_at__gte=now() - WINDOW)
    found = ended.aggregate(all=Count("pk"), held=Count("pk", filter=Q(state=State.COMPLETED)))
    return found["held"] / found["all"] if found["all"] else math.nan
