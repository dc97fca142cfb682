"""Addresses of appointments below /api/v1/."""

from django.urls import URLPattern, path

from appointments.api import lookup_views, slot_views, views

ONE = "appointments/<uuid:public_id>"

urlpatterns: list[URLPattern] = [
    path("appointment-types", slot_views.AppointmentTypeListView.as_view()),
    path("appointment-types/<slug:code>/slots", slot_views.TypeSlotView.as_view()),
    path("appointment-types/<slug:code>/slots/heat", slot_views.HeatView.as_view()),
    path("branches/<slug:code>/slots", slot_views.BranchSlotView.as_view()),
    path("doctors/<uuid:public_id>/slots", slot_views.DoctorSlotView.as_view()),
    path("appointments", views.AppointmentListView.as_view()),
    path("appointments/lookup", lookup_views.LookupView.as_view()),
    path(ONE, views.AppointmentDetailView.as_view()),
    path(f"{ONE}/log", views.AppointmentLogView.as_view()),
    path(f"{ONE}/cancel", views.AppointmentCancelView.as_view()),
    path(f"{ONE}/move", views.AppointmentMoveView.as_view()),
    path(f"{ONE}/accept", views.AppointmentAcceptView.as_view()),
    path(f"{ONE}/start", views.AppointmentStartView.as_view()),
    path(f"{ONE}/finish", views.AppointmentFinishView.as_view()),
    path(f"{ONE}/no-show", views.AppointmentNoShowView.as_view()),
]
