"""Addresses exactly as the source documents print them: thin routes to the same services."""

from django.urls import URLPattern, path

from appointments.api import seed_views as appointments
from appointments.api.slot_views import BranchSlotView
from clinic.customer_service.api import seed_views as service
from consultations.api.seed_views import SeedInitiateView, TriggerAssignmentView

VISITS = "api/v1/appointment/"
CUSTOMER = "api/user/customer-service/"
CHAT = f"{CUSTOMER}chats/<uuid:public_id>/"
MESSAGE = f"{CHAT}messages/<uuid:message_id>/"
AGENT_CHAT = "api/customer-service/chats/<uuid:public_id>/"

urlpatterns: list[URLPattern] = [
    path("api/admin/trigger-assignment", TriggerAssignmentView.as_view()),  # seed 000
    path("1.1/functions/initiateConsultation", SeedInitiateView.as_view()),  # seed 004
    # seed 002: a store's id is the code of a branch
    path(f"{VISITS}stores/<slug:code>/slots", BranchSlotView.as_view()),
    path(f"{VISITS}appointments", appointments.SeedBookView.as_view()),
    path(f"{VISITS}appointments/<slug:code>", appointments.SeedLookupView.as_view()),
    path(f"{VISITS}appointments/<slug:code>/cancel", appointments.SeedCancelView.as_view()),
    path(f"{VISITS}appointments/<uuid:public_id>/accept", appointments.SeedAcceptView.as_view()),
    path(f"{VISITS}realtor/status", appointments.RealtorStatusView.as_view()),
    # seed 001
    path(f"{CUSTOMER}assign", service.SeedAssignView.as_view()),
    path(f"{CUSTOMER}queue-status", service.SeedQueueStatusView.as_view()),
    path(f"{CHAT}messages", service.SeedMessagesView.as_view()),
    path(f"{MESSAGE}mark-delivered", service.SeedDeliveredView.as_view()),
    path(f"{MESSAGE}mark-read", service.SeedReadView.as_view()),
    path(f"{CHAT}end", service.SeedEndView.as_view()),
    path(f"{CHAT}rate", service.SeedRateView.as_view()),
    path(f"{AGENT_CHAT}messages", service.SeedAgentMessagesView.as_view()),
    path(f"{AGENT_CHAT}end", service.SeedAgentEndView.as_view()),
]
