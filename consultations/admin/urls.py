"""Addresses of the assignment board, below /admin/board/assignment/."""

from django.contrib import admin
from django.urls import path

from consultations.admin import board, operations

urlpatterns = [
    path("", admin.site.admin_view(board.board), name="assignment-board"),
    path("state/", admin.site.admin_view(board.state), name="assignment-board-state"),
    path("hands/", admin.site.admin_view(board.hands), name="assignment-board-hands"),
    path("figures/", admin.site.admin_view(operations.operations), name="assignment-figures"),
    path("assign/", admin.site.admin_view(board.assign), name="assignment-board-assign"),
]
