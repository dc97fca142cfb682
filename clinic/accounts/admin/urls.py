"""Addresses of the log-in to the console, below /admin/; the first takes the place of Django's."""

from django.contrib import admin
from django.urls import path

from clinic.accounts.admin import second_factor
from clinic.accounts.admin.login import LogInPage

guard = admin.site.admin_view

urlpatterns = [
    path("login/", LogInPage.as_view()),
    path("second-factor/", second_factor.ProvePage.as_view(), name="second-factor"),
    path("second-factor/set-up/", second_factor.SetUpPage.as_view(), name="second-factor-set-up"),
    path("second-factor/own/", guard(second_factor.own_page), name="second-factor-own"),
]
