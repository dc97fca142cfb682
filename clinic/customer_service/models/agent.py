"""A customer service agent."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.core.models import PublicModel
from clinic.customer_service.enums import AgentStatus, StatusCause
from clinic.customer_service.models.team import Team
from clinic.settings import rules


class Agent(PublicModel):
    """An account that serves at the desk. ``nickname`` is what customers see of him.

    Without ``languages`` he speaks all of the house. The row is the lock of his places: whoever
    gives him a chat locks it and counts again.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("account"),
    )
    nickname = models.CharField(_("nickname"), max_length=20)
    is_active = models.BooleanField(_("works at the desk"), default=True)
    is_supervisor = models.BooleanField(_("supervisor"), default=False)
    teams = models.ManyToManyField(Team, related_name="agents", verbose_name=_("teams"))
    languages = ArrayField(
        models.CharField(max_length=10), verbose_name=_("languages"), default=list, blank=True
    )
    max_chats = models.PositiveSmallIntegerField(_("chats at once"), default=rules.AGENT_MAX_CHATS)
    status = models.CharField(
        _("status"), max_length=10, choices=AgentStatus.choices, default=AgentStatus.OFFLINE
    )
    status_since = models.DateTimeField(_("status since"), default=now)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    last_assigned_at = models.DateTimeField(_("last chat given at"), null=True, blank=True)

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        constraints = [
            models.CheckConstraint(
                condition=Q(max_chats__range=(1, 50)), name="agent_serves_1_to_50"
            ),
            models.CheckConstraint(
                condition=Q(is_active=True) | Q(status=AgentStatus.OFFLINE),
                name="inactive_agent_is_offline",
            ),
            models.CheckConstraint(
                condition=Q(status=AgentStatus.OFFLINE) | Q(heartbeat_at__isnull=False),
                name="agent_on_duty_has_beaten",
            ),
        ]
        indexes = [
            models.Index(
                fields=["heartbeat_at"],
                condition=~Q(status=AgentStatus.OFFLINE),
                name="agent_on_duty",
            ),
        ]

    def __str__(self) -> str:
        return self.nickname


class AgentStatusChange(models.Model):
    """One change of an agent's status, for ever: the source of the log and of hours on duty."""

    agent = models.ForeignKey(
        Agent, on_delete=models.PROTECT, related_name="status_changes", verbose_name=_("agent")
    )
    before = models.CharField(_("from"), max_length=10, choices=AgentStatus.choices)
    after = models.CharField(_("to"), max_length=10, choices=AgentStatus.choices)
    cause = models.CharField(_("cause"), max_length=20, choices=StatusCause.choices)
    actor = models.CharField(_("actor"), max_length=80)
    at = models.DateTimeField(_("at"), default=now)

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        indexes = [
            models.Index(fields=["agent", "at"], name="status_of_agent"),
            models.Index(fields=["at"], name="status_at"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="status_log_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"
