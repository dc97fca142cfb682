"""Every address of the house."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from clinic.core.routes import RouteTree
from clinic.relations.api.pages import invitation

api_v1 = [
    path("", include("clinic.accounts.api.urls")),
    path("", include("clinic.realtime.api.urls")),
    path("", include("clinic.files.api.urls")),
    path("", include("clinic.patients.api.urls")),
    path("", include("clinic.notifications.api.urls")),
    path("", include("clinic.reviews.api.urls")),
    path("", include("doctors.api.urls")),
    path("", include("payments.api.urls")),
    path("", include("chat.api.urls")),
    path("", include("clinic.relations.api.urls")),
    path("", include("clinic.phrases.api.urls")),
    path("", include("clinic.records.api.urls")),
    path("", include("appointments.api.urls")),
    path("", include("consultations.api.urls")),
    path("", include("clinic.complaints.api.urls")),
    path("", include("clinic.customer_service.api.urls")),
    path("", include("clinic.customer_service.api.desk.urls")),
    path("", include("clinic.privacy.api.urls")),
]

_routes: list[URLPattern | URLResolver] = [
    path("", include("clinic.core.api.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", include("clinic.accounts.admin.urls")),
    path("admin/board/assignment/", include("consultations.admin.urls")),
    path("admin/", include("appointments.admin.urls")),
    path("admin/chat/", include("clinic.customer_service.admin.urls")),
    path("admin/money/", include("payments.admin.urls")),
    path("admin/privacy-pages/", include("clinic.privacy.admin.urls")),
    path("admin/", admin.site.urls),
    path("invites/<str:scene>", invitation, name="invitation"),
    path("verify/", include("clinic.records.api.page_urls")),
    path("api/v1/", include(api_v1)),
    path("", include("clinic.urls_seeds")),
]
urlpatterns = [RouteTree(_routes)]
