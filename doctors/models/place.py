"""Where doctors belong: departments (科室) and branches (门店/院区)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.core.models import PublicModel


class Department(PublicModel):
    """A medical department. A closed one keeps its doctors but is offered to nobody."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=60)
    description = models.CharField(_("description"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(_("position in lists"), default=100)
    sees_children = models.BooleanField(
        _("sees children under six"),
        default=False,
        help_text=_("Only its doctors are offered consultations of children under six."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Branch(PublicModel):
    """A place of the clinic that patients can visit."""

    code = models.SlugField(_("code"), max_length=20, unique=True)  # seed 002: store_id
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=80, unique=True)
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Asia/Shanghai"
    )  # a name of the IANA list; checked by the service
    description = models.CharField(_("description"), max_length=500, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(pgettext_lazy("place", "phone"), max_length=30, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    rating_average = models.DecimalField(
        _("average rating"), max_digits=3, decimal_places=2, default=0, editable=False
    )
    review_count = models.PositiveIntegerField(_("number of reviews"), default=0, editable=False)

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
