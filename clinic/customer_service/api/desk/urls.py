"""Addresses of the desk below /api/v1/."""

from django.urls import path

from clinic.customer_service.api.desk import board, chats, complaining, left, lists, writing

CHAT = "desk/chats/<uuid:public_id>"

urlpatterns = [
    path("desk/me", lists.MeView.as_view()),
    path("desk/status", lists.StatusView.as_view()),
    path("desk/chats", lists.ChatListView.as_view()),
    path("desk/counts", lists.CountsView.as_view()),
    path("desk/colleagues", lists.ColleaguesView.as_view()),
    path("desk/tags", lists.TagListView.as_view()),
    path("desk/search", lists.SearchView.as_view()),
    path("desk/board", board.BoardView.as_view()),
    path("desk/agents/<uuid:public_id>/status", board.AgentStatusView.as_view()),
    path("desk/take-next", chats.TakeNextView.as_view()),
    path(CHAT, chats.ChatView.as_view()),
    path(f"{CHAT}/messages", chats.ThreadView.as_view()),
    path(f"{CHAT}/attachments/<uuid:file_id>", chats.ChatFileView.as_view()),
    path(f"{CHAT}/context", chats.ContextView.as_view()),
    path(f"{CHAT}/take", chats.TakeView.as_view()),
    path(f"{CHAT}/take-over", chats.TakeOverView.as_view()),
    path(f"{CHAT}/transfer", chats.TransferView.as_view()),
    path(f"{CHAT}/end", chats.EndView.as_view()),
    path(f"{CHAT}/hold", chats.HoldView.as_view()),
    path(f"{CHAT}/unhold", chats.UnholdView.as_view()),
    path(f"{CHAT}/priority", chats.PriorityView.as_view()),
    path(f"{CHAT}/notes", writing.NotesView.as_view()),
    path(f"{CHAT}/draft", writing.DraftView.as_view()),
    path(f"{CHAT}/tags", writing.ChatTagsView.as_view()),
    path(f"{CHAT}/viewing", writing.ViewingView.as_view()),
    path(f"{CHAT}/complaints", complaining.ComplaintView.as_view()),
    path(f"{CHAT}/macro", writing.MacroRunView.as_view()),
    path("desk/left-messages", left.LeftMessageListView.as_view()),
    path("desk/left-messages/<uuid:public_id>/answer", left.AnswerView.as_view()),
    path("desk/left-messages/<uuid:public_id>/dismiss", left.DismissView.as_view()),
    path("desk/macros", writing.MacroListView.as_view()),
    path("desk/canned", writing.CannedListView.as_view()),
    path("desk/canned/<uuid:public_id>", writing.CannedView.as_view()),
    path("desk/canned/<uuid:public_id>/used", writing.CannedUsedView.as_view()),
]
