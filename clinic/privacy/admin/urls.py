"""Addresses of the pages of users and privacy, below /admin/privacy-pages/."""

from django.contrib import admin
from django.urls import path

from clinic.privacy.admin import emergency, reads, regulator, users

guard = admin.site.admin_view

urlpatterns = [
    path("users/", guard(users.page), name="users"),
    path("users/confirm/", guard(users.confirm), name="users-confirm"),
    path("users/file/", guard(users.file), name="users-file"),
    path("reads/", guard(reads.page), name="reads"),
    path("emergency/", guard(emergency.page), name="emergency"),
    path("emergency/<uuid:public_id>/", guard(emergency.patient), name="emergency-patient"),
    path(
        "emergency/<uuid:public_id>/records/<uuid:record_id>/",
        guard(emergency.record),
        name="emergency-record",
    ),
    path("regulator/", guard(regulator.page), name="regulator-export"),
]
