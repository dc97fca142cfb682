"""Visit persons (就诊人): the people for whom an account seeks care."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.core.models import PublicModel
from clinic.patients.enums import Gender, RealName, Relation


# The history is kept for ever, so it holds nothing that names the person.
@pghistory.track(
    exclude=["name", "phone", "id_number_sealed", "id_number_index", "city"],
    append_only=True,
    model_name="VisitPersonHistory",
    meta={
        "verbose_name": _("visit person history"),
        "verbose_name_plural": _("visit person history"),
    },
)
class VisitPerson(PublicModel):
    """One person of one account. Removing switches off: consultations keep pointing to the row.

    ``id_number_sealed`` is AES-GCM text, ``id_number_index`` its keyed hash; both empty without an
    ID number. ``birthday`` is unknown only of who was booked by name and phone alone; the account
    adds it with the first change. ``height_cm`` and ``weight_kg`` are the last values told, not
    measured history. ``real_name_state`` is what the last check of name and ID number, or the last
    review of a document, said at ``real_name_at``; see ``selectors.real_name.state_of``: an old one
    counts no longer, nor a document after ``real_name_until`` (inclusive, a day of the clinic).
    """

    account = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="visit_persons", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=60)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender.choices)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    relation = models.CharField(_("relation"), max_length=10, choices=Relation.choices)
    is_default = models.BooleanField(_("default"), default=False)
    id_number_sealed = models.CharField(_("ID number, encrypted"), max_length=200, blank=True)
    id_number_index = models.CharField(_("ID number, index"), max_length=64, blank=True)
    height_cm = models.DecimalField(
        _("height in cm"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    weight_kg = models.DecimalField(
        _("weight in kg"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=40, blank=True)
    real_name_state = models.CharField(
        _("real name"), max_length=10, choices=RealName, default=RealName.NONE, editable=False
    )
    real_name_at = models.DateTimeField(_("real name checked at"), null=True, editable=False)
    real_name_until = models.DateField(
        _("real name proved until"), null=True, blank=True, editable=False
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("visit person")
        verbose_name_plural = _("visit persons")
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(is_default=True), name="one_default_visit_person"
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(relation=Relation.SELF, is_active=True),
                name="one_visit_person_is_self",
            ),
            models.UniqueConstraint(
                fields=["account", "id_number_index"],
                condition=Q(is_active=True) & ~Q(id_number_index=""),
                name="one_visit_person_per_id_number",
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(is_active=True),
                name="default_visit_person_is_active",
            ),
            models.CheckConstraint(
                condition=Q(id_number_sealed="", id_number_index="")
                | (~Q(id_number_sealed="") & ~Q(id_number_index="")),
                name="id_number_sealed_with_index",
            ),
            models.CheckConstraint(
                condition=Q(height_cm=None) | Q(height_cm__gte=20, height_cm__lte=260),
                name="height_is_human",
            ),
            models.CheckConstraint(
                condition=Q(weight_kg=None) | Q(weight_kg__gte="0.3", weight_kg__lte=500),
                name="weight_is_human",
            ),
            models.CheckConstraint(
                condition=Q(real_name_state=RealName.NONE, real_name_at=None)
                | (~Q(real_name_state=RealName.NONE) & Q(real_name_at__isnull=False)),
                name="real_name_checked_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "id"], condition=Q(is_active=True), name="person_open")
        ]
        triggers = [
            pgtrigger.Protect(
                name="verified_name_changes_unverified",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.real_name_state = 'verified'"
                    " AND NEW.real_name_at IS NOT DISTINCT FROM OLD.real_name_at"
                    " AND (NEW.name, NEW.id_number_index) IS DISTINCT FROM"
                    " (OLD.name, OLD.id_number_index)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_relation_display()} {self.public_id}"
