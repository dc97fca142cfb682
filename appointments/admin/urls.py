"""Addresses of the front desk's page and of the statistics, below /admin/."""

from django.contrib import admin
from django.urls import path

from appointments.admin import front_desk, statistics

urlpatterns = [
    path("front-desk/", admin.site.admin_view(front_desk.front_desk), name="front-desk"),
    path(
        "appointment-statistics/",
        admin.site.admin_view(statistics.StatisticsPage.show),
        name="appointment-statistics",
    ),
]
