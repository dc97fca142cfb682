"""Addresses of the room below /api/v1/."""

from django.urls import path

from payments.api import views
from payments.api.callbacks import provider_callback
from payments.gateways.addresses import CALLBACK_ROUTE

urlpatterns = [
    path("orders", views.OrdersView.as_view()),
    path("orders/<uuid:public_id>", views.OrderView.as_view()),
    path("orders/<uuid:public_id>/pay", views.PayView.as_view()),
    path("orders/<uuid:public_id>/cancel", views.CancelView.as_view()),
    path("orders/<uuid:public_id>/refunds", views.RefundsView.as_view()),
    path("orders/<uuid:public_id>/refunds/accept-balance", views.AcceptBalanceView.as_view()),
    path("orders/<uuid:public_id>/refund-requests", views.RefundRequestsView.as_view()),
    path("balance", views.BalanceView.as_view()),
    path("balance/statement", views.StatementView.as_view()),
    path("balance/top-ups", views.TopUpView.as_view()),
    path(
        "payments/callbacks/<str:provider>/<uuid:merchant_public_id>/",
        provider_callback,
        name=CALLBACK_ROUTE,
    ),
]
