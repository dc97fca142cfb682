"""Addresses of the desk's pages, below /admin/chat/."""

from django.contrib import admin
from django.urls import path

from clinic.customer_service.admin import desk, holidays, pages, quality

urlpatterns = [
    path("desk/", admin.site.admin_view(desk.desk), name="service-desk"),
    path("board/", admin.site.admin_view(desk.board), name="service-board"),
    path("reports/", admin.site.admin_view(pages.ReportsPage.show), name="desk-reports"),
    path("holidays/", admin.site.admin_view(holidays.page), name="import-holidays"),
    path("quality/pick/", admin.site.admin_view(quality.pick), name="quality-pick"),
]
