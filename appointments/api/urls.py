"""Addresses of appointments below /api/v1/."""

from django.urls import URLPattern, path

from appointments.api import (
    calendar_views,
    check_in_views,
    desk_acts,
    desk_views,
    lookup_views,
    slot_views,
    views,
    waiting_views,
)
from appointments.api import lookup_views, review_views, slot_views, views

ONE = "appointments/<uuid:public_id>"
DESK_ONE = f"front-desk/{ONE}"

urlpatterns: list[URLPattern] = [
    path("appointment-types", slot_views.AppointmentTypeListView.as_view()),
    path("appointment-types/<slug:code>/slots", slot_views.TypeSlotView.as_view()),
    path("appointment-types/<slug:code>/slots/heat", slot_views.HeatView.as_view()),
    path("branches/<slug:code>/slots", slot_views.BranchSlotView.as_view()),
    path("doctors/<uuid:public_id>/slots", slot_views.DoctorSlotView.as_view()),
    path("appointments", views.AppointmentListView.as_view()),
    path("appointments/lookup", lookup_views.LookupView.as_view()),
    path("appointments/check-in", check_in_views.DeskCheckInView.as_view()),
    path("branches/<slug:code>/poster", check_in_views.PosterView.as_view()),
    path(f"{ONE}/check-in", check_in_views.AppointmentCheckInView.as_view()),
    path(f"{ONE}/calendar.ics", calendar_views.AppointmentCalendarView.as_view()),
    path("calendars/<slug:secret>.ics", calendar_views.FeedView.as_view()),
    path("doctor/calendar-feed", calendar_views.OwnFeedView.as_view()),
    path(f"{ONE}/qr", check_in_views.AppointmentQrView.as_view()),
    path("appointments/waiting", waiting_views.WaitingListView.as_view()),
    path(f"{ONE}/waiting", waiting_views.WaitingPlaceView.as_view()),
    path(f"{ONE}/offer/accept", waiting_views.OfferAcceptView.as_view()),
    path(f"{ONE}/offer/decline", waiting_views.OfferDeclineView.as_view()),
    path(ONE, views.AppointmentDetailView.as_view()),
    path(f"{ONE}/log", views.AppointmentLogView.as_view()),
    path(f"{ONE}/cancel", views.AppointmentCancelView.as_view()),
    path(f"{ONE}/move", views.AppointmentMoveView.as_view()),
    path(f"{ONE}/accept", views.AppointmentAcceptView.as_view()),
    path(f"{ONE}/start", views.AppointmentStartView.as_view()),
    path(f"{ONE}/finish", views.AppointmentFinishView.as_view()),
    path(f"{ONE}/no-show", views.AppointmentNoShowView.as_view()),
    path("front-desk/schedule", desk_views.ScheduleView.as_view()),
    path("front-desk/free-times", desk_views.FreeTimeView.as_view()),
    path("front-desk/waiting", desk_views.DeskWaitingView.as_view()),
    path("front-desk/search", desk_views.DeskSearchView.as_view()),
    path("front-desk/callers", desk_views.DeskCallerView.as_view()),
    path("front-desk/persons", desk_views.DeskPersonView.as_view()),
    path("front-desk/appointments", desk_acts.DeskBookView.as_view()),
    path(DESK_ONE, desk_views.DeskDetailView.as_view()),
    path(f"{DESK_ONE}/move", desk_acts.DeskMoveView.as_view()),
    path(f"{DESK_ONE}/cancel", desk_acts.DeskCancelView.as_view()),
    path(f"{DESK_ONE}/accept", desk_acts.DeskAcceptView.as_view()),
    path(f"{DESK_ONE}/check-in", desk_acts.DeskCheckInView.as_view()),
    path(f"{DESK_ONE}/start", desk_acts.DeskStartView.as_view()),
    path(f"{DESK_ONE}/finish", desk_acts.DeskFinishView.as_view()),
    path(f"{DESK_ONE}/no-show", desk_acts.DeskNoShowView.as_view()),
    path(f"{DESK_ONE}/priority", desk_acts.DeskRankView.as_view()),
    path(f"{DESK_ONE}/pay", desk_acts.DeskMoneyView.as_view()),
    path(f"{ONE}/review", review_views.AppointmentReviewView.as_view()),
]
