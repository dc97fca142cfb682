"""Addresses of the desk's pages, below /admin/chat/."""

from django.contrib import admin
from django.urls import path

from clinic.customer_service.admin import holidays, pages, quality

urlpatterns = [
    path("reports/", admin.site.admin_view(pages.reports), name="desk-reports"),
    path("holidays/", admin.site.admin_view(holidays.page), name="import-holidays"),
    path("quality/pick/", admin.site.admin_view(quality.pick), name="quality-pick"),
]
