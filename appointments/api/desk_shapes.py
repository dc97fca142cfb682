"""Shapes of the front desk's answers, for the documents; ``desk_rendering`` makes them."""

from typing import Any

from rest_framework import serializers

from appointments.enums import Act, CancelledBy, Mode, Source, State
from clinic.patients.enums import Gender
from doctors.enums import DayKind
from payments.enums import OrderStatus

SPANS = serializers.ListField(
    child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
    help_text="Pairs of minutes from midnight.",
)


class DeskBranchShape(serializers.Serializer[Any]):
    """A branch by its code."""

    code = serializers.CharField()
    name = serializers.CharField()


class DeskDoctorShape(serializers.Serializer[Any]):
    """A doctor as a heading."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    department = serializers.CharField()


class DeskDoctorDayShape(serializers.Serializer[Any]):
    """When he sees people on a date, in minutes of the wall clock; ``away`` is leave."""

    hours = SPANS
    away = SPANS
    open_minutes = serializers.IntegerField()
    booked_minutes = serializers.IntegerField()


class DeskLaneShape(DeskDoctorShape):
    """A doctor with his dates, in the order of ``days``."""

    days = DeskDoctorDayShape(many=True)


class DeskSpecialShape(serializers.Serializer[Any]):
    """Why a date differs from the week."""

    kind = serializers.ChoiceField(choices=DayKind.choices)
    name = serializers.CharField(allow_blank=True)


class DeskDateShape(serializers.Serializer[Any]):
    """A date of the page."""

    date = serializers.DateField()
    special = DeskSpecialShape(many=True)


class DeskVisitShape(serializers.Serializer[Any]):
    """An appointment on a page; ``elsewhere`` names another branch, empty means online."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    doctor_id = serializers.UUIDField(allow_null=True)
    date = serializers.DateField()
    begins = serializers.IntegerField()
    ends = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    type = serializers.CharField()
    mode = serializers.ChoiceField(choices=Mode.choices)
    is_group = serializers.BooleanField()
    person = serializers.CharField()
    is_checked_in = serializers.BooleanField()
    elsewhere = serializers.CharField(allow_null=True, allow_blank=True)
    requirements = serializers.CharField(allow_blank=True)
    source: Any = serializers.ChoiceField(choices=Source.choices)


class ScheduleShape(serializers.Serializer[Any]):
    """A page of the book of the front desk."""

    branch = DeskBranchShape(allow_null=True)
    time_zone = serializers.CharField()
    days = DeskDateShape(many=True)
    doctors = DeskLaneShape(many=True)
    visits = DeskVisitShape(many=True)


class DeskPersonShape(serializers.Serializer[Any]):
    """A visit person."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    gender = serializers.ChoiceField(choices=Gender.choices)
    age = serializers.IntegerField(allow_null=True)


class DeskTypeShape(serializers.Serializer[Any]):
    """What is booked."""

    code = serializers.CharField()
    name = serializers.CharField()


class DeskOrderShape(serializers.Serializer[Any]):
    """What it costs and whether it is paid."""

    number = serializers.CharField()
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    amount_fen = serializers.IntegerField()


class DeskStepShape(serializers.Serializer[Any]):
    """A step; ``actor`` is patient, doctor, staff or system."""

    act = serializers.ChoiceField(choices=Act.choices)
    before = serializers.ChoiceField(choices=State.choices, allow_blank=True)
    after = serializers.ChoiceField(choices=State.choices)
    actor = serializers.CharField()
    part = serializers.CharField(allow_blank=True, help_text="Of the system, in words.")
    change = serializers.CharField(allow_blank=True, help_text="In words.")
    note = serializers.DictField()
    at = serializers.DateTimeField()


class DeskWhenShape(serializers.Serializer[Any]):
    """Where it lies on the wall clock of its place, in minutes from midnight."""

    time_zone = serializers.CharField()
    date = serializers.DateField(allow_null=True)
    begins = serializers.IntegerField(allow_null=True)
    ends = serializers.IntegerField(allow_null=True)


class DeskDetailShape(DeskWhenShape):
    """One appointment, what may be done with it, and its log."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    state_since = serializers.DateTimeField()
    type = DeskTypeShape()
    mode = serializers.ChoiceField(choices=Mode.choices)
    branch = DeskBranchShape(allow_null=True)
    doctor = DeskDoctorShape(allow_null=True)
    person = DeskPersonShape()
    phone = serializers.CharField(allow_blank=True, help_text="Masked.")
    source: Any = serializers.ChoiceField(choices=Source.choices)
    requirements = serializers.CharField(allow_blank=True)
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    checked_in_at = serializers.DateTimeField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    moves = serializers.IntegerField()
    cancelled_by = serializers.ChoiceField(choices=CancelledBy.choices, allow_blank=True)
    cancel_reason = serializers.CharField(allow_blank=True)
    price_fen = serializers.IntegerField()
    order = DeskOrderShape(allow_null=True)
    acts = serializers.ListField(child=serializers.CharField())
    steps = DeskStepShape(many=True)


class DeskFoundShape(DeskWhenShape):
    """An appointment in a list of what was found."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    type = serializers.CharField()
    person = serializers.CharField()
    doctor = serializers.CharField(allow_blank=True)
    doctor_id = serializers.UUIDField(allow_null=True)
    branch = serializers.CharField(allow_null=True)
    starts_at = serializers.DateTimeField(allow_null=True)


class DeskFoundListShape(serializers.Serializer[Any]):
    """What was found."""

    results = DeskFoundShape(many=True)


class DeskWaiterShape(serializers.Serializer[Any]):
    """Somebody who waits, where he stands and how long it will likely take."""

    id = serializers.UUIDField()
    position = serializers.IntegerField(allow_null=True, help_text="null during an offer.")
    eta_minutes = serializers.IntegerField(
        allow_null=True,
        help_text="null during an offer, and when no wait can be promised.",
    )
    code = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    type = serializers.CharField()
    person = serializers.CharField()
    doctor = serializers.CharField(allow_blank=True, help_text="Wanted or offered; may be empty.")
    priority = serializers.IntegerField()
    queued_at = serializers.DateTimeField(allow_null=True)
    wanted_from = serializers.DateTimeField(allow_null=True)
    wanted_until = serializers.DateTimeField(allow_null=True)


class DeskWaitingShape(serializers.Serializer[Any]):
    """A waiting list in its order."""

    results = DeskWaiterShape(many=True)


class DeskCallerShape(serializers.Serializer[Any]):
    """Whom the account of a phone books for."""

    is_known = serializers.BooleanField()
    persons = DeskPersonShape(many=True)


class DeskFreeTimeShape(serializers.Serializer[Any]):
    """A free time."""

    date = serializers.DateField()
    time = serializers.CharField()
    starts_at = serializers.DateTimeField()
    doctor_id = serializers.UUIDField()
    doctor = serializers.CharField()


class DeskFreeTimesShape(serializers.Serializer[Any]):
    """The next free times."""

    works_now = serializers.BooleanField(help_text="Whether a doctor sees people at this minute.")
    results = DeskFreeTimeShape(many=True)


class DeskMoneyShape(serializers.Serializer[Any]):
    """Whether it is paid, or waits for a second person; and the appointment."""

    is_paid = serializers.BooleanField()
    appointment = DeskDetailShape()
