"""Addresses of the room below /api/v1/."""

from django.urls import URLPattern, path

from appointments.api import slot_views

urlpatterns: list[URLPattern] = [
    path("appointment-types", slot_views.AppointmentTypeListView.as_view()),
    path("appointment-types/<slug:code>/slots", slot_views.TypeSlotView.as_view()),
    path("appointment-types/<slug:code>/slots/heat", slot_views.HeatView.as_view()),
    path("branches/<slug:code>/slots", slot_views.BranchSlotView.as_view()),
    path("doctors/<uuid:public_id>/slots", slot_views.DoctorSlotView.as_view()),
]
