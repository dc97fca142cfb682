"""Console screens of agents and their log."""

from django.contrib import admin

from clinic.core.admin import ReadOnlyAdmin
from clinic.customer_service.models import Agent, AgentStatusChange


@admin.register(Agent)
class AgentAdmin(ReadOnlyAdmin):
    """Agents."""

    search_fields = ("nickname",)
    ordering = ("-id",)


@admin.register(AgentStatusChange)
class AgentStatusChangeAdmin(ReadOnlyAdmin):
    """Every change of a status."""

    icon, place = "history", 90
    list_display = ("at", "agent", "before", "after", "cause", "actor")
    list_filter = ("cause", "after", "agent")
    list_select_related = ("agent",)
    search_fields = ("agent__nickname", "actor")
    date_hierarchy = "at"
    ordering = ("-id",)
