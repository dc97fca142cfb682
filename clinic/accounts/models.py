"""Accounts and the devices they are logged in on."""

from collections.abc import Iterator
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.accounts.enums import CodePurpose, RevokedWhy
from clinic.core.clock import now
from clinic.core.crypto import blind_index
from clinic.core.models import PublicModel


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the phone is the login name."""

    def create_user(self, phone: str, password: str | None = None, **fields: Any) -> "User":
        """Store an account with a hashed password; None means log-in by code only."""
        user = self.model(phone=phone, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, phone: str, password: str | None = None, **fields: Any) -> "User":
        """Store an account that may do everything in the admin."""
        return self.create_user(phone, password, is_staff=True, is_superuser=True, **fields)


# The history is kept for ever, so it holds nothing that anonymising would have to remove.
@pghistory.track(
    exclude=["password", "last_login", "phone", "name", "second_factor_at"],
    append_only=True,
    model_name="UserHistory",
    meta={"verbose_name": _("account history"), "verbose_name_plural": _("account history")},
)
class User(AbstractBaseUser, PermissionsMixin, PublicModel):
    """One account. Phone is E.164 (``+8613…``) and null once the account is anonymised."""

    # Null, not empty: several accounts can be without a phone, none may share one.
    phone = models.CharField(_("phone"), max_length=20, null=True)  # noqa: DJ001
    name = models.CharField(_("display name"), max_length=60, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans"
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may use the console"), default=False)
    anonymised_at = models.DateTimeField(_("anonymised at"), null=True, editable=False)
    second_factor_at = models.DateTimeField(_("second factor since"), null=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(fields=["phone"], name="one_account_per_phone"),
            models.CheckConstraint(
                condition=Q(anonymised_at=None) | Q(phone=None, is_active=False),
                name="anonymised_has_no_phone",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.public_id)

    def get_full_name(self) -> str:
        """The name, as Django's own pages ask for it."""
        return self.name

    def get_short_name(self) -> str:
        """The same: Chinese names are not cut."""
        return self.name

    def get_session_auth_hash(self) -> str:
        """What a console log-in must match: another password or second factor ends it."""
        return self._with_second_factor(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under earlier secret keys."""
        for digest in super().get_session_auth_fallback_hash():
            yield self._with_second_factor(digest)

    def _with_second_factor(self, digest: str) -> str:
        # Log-ins from before the second factor was demanded must not outlive that day.
        if not settings.SECOND_FACTOR_REQUIRED and self.second_factor_at is None:
            return digest
        return blind_index(f"{digest}\n{self.second_factor_at}", context="user.console_login")


class DeviceSession(PublicModel):
    """One login on one device: the family of all refresh tokens that came from it.

    ``refresh_number`` counts the rotations; a token with an older number was used before, and its
    second use revokes the session. ``refresh_hash`` is the SHA-256 of the current secret.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("account")
    )
    device = models.CharField(_("device"), max_length=120, blank=True)
    refresh_number = models.PositiveIntegerField(_("refresh number"), default=1)
    refresh_hash = models.CharField(_("refresh hash"), max_length=64)
    expires_at = models.DateTimeField(_("expires at"))
    last_used_at = models.DateTimeField(_("last used at"), default=now)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    revoked_why = models.CharField(
        _("why revoked"), max_length=40, choices=RevokedWhy.choices, blank=True
    )
    second_factor_at = models.DateTimeField(_("second factor proven at"), null=True)

    class Meta:
        verbose_name = _("device session")
        verbose_name_plural = _("device sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_why="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_why="")),
                name="revoked_session_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], condition=Q(revoked_at=None), name="session_open")
        ]

    def __str__(self) -> str:
        return f"{self.device or 'device'} {self.public_id}"


class OneTimeCode(models.Model):
    """A code sent to a phone; only its keyed hash is stored, five tries, ten minutes."""

    phone_index = models.CharField(_("phone index"), max_length=64)
    purpose = models.CharField(_("purpose"), max_length=20, choices=CodePurpose.choices)
    code_hash = models.CharField(_("code hash"), max_length=64)
    expires_at = models.DateTimeField(_("expires at"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    used_at = models.DateTimeField(_("used at"), null=True)
    created_at = models.DateTimeField(_("created at"), default=now)

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")
        indexes = [
            models.Index(fields=["phone_index", "-id"], name="code_by_phone"),
            models.Index(fields=["created_at"], name="code_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} #{self.pk}"


class SecondFactor(PublicModel):
    """The authenticator app of an account (RFC 6238).

    Both secrets are encrypted: the one that counts, and the one of an app that is being set up.
    ``last_step`` is the newest step of time of which a code was taken; older ones are spent too.
    """

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, related_name="second_factor", verbose_name=_("account")
    )
    secret_sealed = models.CharField(_("secret, encrypted"), max_length=200, blank=True)
    next_secret_sealed = models.CharField(_("next secret, encrypted"), max_length=200, blank=True)
    last_step = models.BigIntegerField(_("last step"), default=0)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None, secret_sealed="")
                | (Q(confirmed_at__isnull=False) & ~Q(secret_sealed="")),
                name="confirmed_factor_has_secret",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class RecoveryCode(models.Model):
    """Lets a member of staff in once without his app; only its keyed hash is stored."""

    factor = models.ForeignKey(
        SecondFactor,
        on_delete=models.CASCADE,
        related_name="recovery_codes",
        verbose_name=_("second factor"),
    )
    code_hash = models.CharField(_("code hash"), max_length=64)
    used_at = models.DateTimeField(_("used at"), null=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")

    def __str__(self) -> str:
        return f"#{self.pk}"
