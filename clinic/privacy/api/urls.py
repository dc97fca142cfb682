"""Addresses of users and privacy below /api/v1/."""

from django.urls import URLPattern, path

from clinic.privacy.api import emergency_views, own_views, views

urlpatterns: list[URLPattern] = [
    path("users", views.UserListView.as_view()),
    path("users/search", views.UserSearchView.as_view()),
    path("users/export", views.UserFileView.as_view()),
    path("users/<uuid:public_id>", views.UserView.as_view()),
    path("users/<uuid:public_id>/suspend", views.SuspendUserView.as_view()),
    path("users/<uuid:public_id>/restore", views.RestoreUserView.as_view()),
    path("user-batches", views.UserBatchListView.as_view()),
    path("user-batches/<uuid:public_id>", views.UserBatchView.as_view()),
    path("user-batches/<uuid:public_id>/accounts", views.UserBatchReportView.as_view()),
    path("privacy/exports", own_views.ExportListView.as_view()),
    path("privacy/exports/<uuid:public_id>", own_views.ExportView.as_view()),
    path("privacy/exports/<uuid:public_id>/token", own_views.ExportTokenView.as_view()),
    path("privacy/exports/<uuid:public_id>/fetch", own_views.ExportFileView.as_view()),
    path("me", own_views.OwnAccountView.as_view()),
    path("privacy/deletion", own_views.DeletionView.as_view()),
    path("privacy/reads", own_views.ReadListView.as_view()),
    path("emergency-accesses", emergency_views.EmergencyListView.as_view()),
    path("emergency-accesses/<uuid:public_id>", emergency_views.EmergencyDetailView.as_view()),
    path(
        "emergency-accesses/<uuid:public_id>/records/<uuid:record_id>",
        emergency_views.EmergencyRecordView.as_view(),
    ),
]
