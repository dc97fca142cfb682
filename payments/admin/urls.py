"""Addresses of the pages of money, below /admin/money/."""

from django.contrib import admin
from django.urls import path

from payments.admin import pages

urlpatterns = [
    path("statistics/", admin.site.admin_view(pages.statistics), name="payment-statistics"),
    path("settlement/", admin.site.admin_view(pages.settlement), name="settlement-sheet"),
]
