"""Addresses of the assignment board, below /admin/board/assignment/."""

from django.contrib import admin
from django.urls import path

from consultations.admin import board

urlpatterns = [
    path("", admin.site.admin_view(board.board), name="assignment-board"),
    path("state/", admin.site.admin_view(board.state), name="assignment-board-state"),
    path("assign/", admin.site.admin_view(board.assign), name="assignment-board-assign"),
]
