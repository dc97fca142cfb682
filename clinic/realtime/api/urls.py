"""Addresses of the socket's HTTP door."""

from django.urls import path

from clinic.realtime.api.views import TicketView

urlpatterns = [path("ws/ticket", TicketView.as_view())]
