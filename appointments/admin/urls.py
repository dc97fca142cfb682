"""Addresses of the front desk's page, below /admin/front-desk/."""

from django.contrib import admin
from django.urls import path

from appointments.admin import front_desk

urlpatterns = [
    path("", admin.site.admin_view(front_desk.front_desk), name="front-desk"),
]
