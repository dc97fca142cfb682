"""Words that warn of an emergency, kept by staff."""

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.settings import rules
from consultations.enums import FlagLanguage

LEAST, MOST = rules.RED_FLAG_WORD_CHARS


class RedFlag(models.Model):
    """A warning word and what the patient who states it is told.

    ``below_months`` limits it to children younger than that, ``only_pregnant`` to the pregnant.
    """

    word = models.CharField(_("word"), max_length=MOST, validators=[MinLengthValidator(LEAST)])
    language = models.CharField(_("language"), max_length=2, choices=FlagLanguage.choices)
    advice = models.TextField(_("advice"), max_length=rules.INTAKE_TEXT_MAX_CHARS)
    below_months = models.PositiveSmallIntegerField(
        _("only below this age in months"), null=True, blank=True
    )
    only_pregnant = models.BooleanField(_("only for the pregnant"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("warning word")
        verbose_name_plural = _("warning words")
        constraints = [
            models.UniqueConstraint(
                fields=["word", "below_months", "only_pregnant"],
                nulls_distinct=False,
                name="one_red_flag_per_word",
            ),
            models.CheckConstraint(
                condition=Q(below_months=None) | Q(below_months__range=(1, 216)),
                name="flag_age_is_of_a_child",
            ),
        ]

    def __str__(self) -> str:
        return self.word
