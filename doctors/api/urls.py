"""Addresses of the room below /api/v1/."""

from django.urls import URLPattern, path

from doctors.api import (
    calendar_views,
    credential_views,
    day_views,
    identity_views,
    leave_views,
    own_views,
    views,
)

urlpatterns: list[URLPattern] = [
    path("departments", views.DepartmentListView.as_view()),
    path("branches", views.BranchListView.as_view()),
    path("doctors", views.DoctorListView.as_view()),
    path("doctors/<uuid:public_id>", views.DoctorView.as_view()),
    path("doctors/<uuid:public_id>/reviews", views.DoctorReviewListView.as_view()),
    path("doctor/profile", own_views.ProfileView.as_view()),
    path("doctor/hours", own_views.HoursView.as_view()),
    path("doctor/calendar", calendar_views.CalendarView.as_view()),
    path("doctor/calendar/days", day_views.SpecialDaysView.as_view()),
    path("doctor/leaves", leave_views.LeaveListView.as_view()),
    path("doctor/leaves/<uuid:public_id>", leave_views.LeaveView.as_view()),
    path("doctor/credentials", credential_views.CredentialListView.as_view()),
    path("doctor/credentials/<uuid:public_id>", credential_views.CredentialDetailView.as_view()),
    path(
        "doctor/credentials/<uuid:public_id>/withdraw",
        credential_views.CredentialWithdrawView.as_view(),
    ),
    path("doctor/identity-check", identity_views.IdentityCheckView.as_view()),
    path("doctor/presence", own_views.PresenceView.as_view()),
]
