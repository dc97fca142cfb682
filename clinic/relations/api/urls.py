"""Addresses of the room below /api/v1/."""

from django.urls import URLPattern, path

from clinic.relations.api import broadcast_views, doctor_views, invite_views, patient_views

GROUP = "doctor/groups/<uuid:public_id>"
BROADCAST = "doctor/broadcasts/<uuid:public_id>"
urlpatterns: list[URLPattern] = [
    path("doctor/patients", doctor_views.OwnPatientListView.as_view()),
    path("doctor/patients/search", doctor_views.OwnPatientSearchView.as_view()),
    path("doctor/patients/<uuid:public_id>", doctor_views.OwnPatientView.as_view()),
    path("doctor/groups", doctor_views.GroupListView.as_view()),
    path(GROUP, doctor_views.GroupView.as_view()),
    path(f"{GROUP}/patients", doctor_views.GroupMembersView.as_view()),
    path(f"{GROUP}/patients/<uuid:patient_id>", doctor_views.GroupMemberView.as_view()),
    path("doctor/invites", invite_views.InviteListView.as_view()),
    path("doctor/invites/<str:scene>", invite_views.InviteView.as_view()),
    path("doctor/invites/<str:scene>/code", invite_views.InvitePictureView.as_view()),
    path("invites/<str:scene>", invite_views.InviteShownView.as_view()),
    path("invites/<str:scene>/scan", invite_views.InviteScanView.as_view()),
    path("doctor/broadcasts", broadcast_views.BroadcastListView.as_view()),
    path(BROADCAST, broadcast_views.BroadcastView.as_view()),
    path(f"{BROADCAST}/cancel", broadcast_views.BroadcastCancelView.as_view()),
    path(f"{BROADCAST}/deliveries", broadcast_views.DeliveryListView.as_view()),
    path("doctors/<uuid:public_id>/relation", patient_views.TieView.as_view()),
    path("doctors/<uuid:public_id>/follow", patient_views.FollowView.as_view()),
    path("doctors/<uuid:public_id>/block", patient_views.BlockView.as_view()),
    path("followed-doctors", patient_views.FollowedListView.as_view()),
    path("followed-doctors/card", patient_views.FollowedCardView.as_view()),
    path("blocked-doctors", patient_views.BlockedListView.as_view()),
]
