"""Console screens of reviews: staff hides and shows, nobody rewrites."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.actor import Actor
from clinic.core.changes import Naming, name_by
from clinic.core.columns import state_column
from clinic.core.masking import mask_name
from clinic.core.roles import Role
from clinic.core.steps import CodeForm, StateAdmin, Step
from clinic.reviews.enums import Visibility
from clinic.reviews.models import Review
from clinic.reviews.services.visibility import hide_review, show_review

MODERATORS = frozenset({Role.ADMIN, Role.CUSTOMER_SERVICE, Role.CONTENT_OPERATOR})


class HideForm(CodeForm):
    """Asks why others may not see a review."""

    choices = (
        ("insult", _("Insults somebody")),
        ("private", _("Tells something private")),
        ("advertising", _("Advertising")),
        ("off_topic", _("Not about the care")),
    )


def _hide(review: Review, actor: Actor, cleaned: dict[str, Any]) -> None:
    hide_review(review_id=review.pk, reason=cleaned["reason"], by=actor)


def _show(review: Review, actor: Actor, _cleaned: dict[str, Any]) -> None:
    show_review(review_id=review.pk, by=actor)


@admin.register(Review)
class ReviewAdmin(StateAdmin):
    """What patients think, and the answers."""

    icon, place = "star", 10
    list_display = (
        "created_at",
        "shown_stars",
        "about_user",
        "target_kind",
        "text",
        "shown_visibility",
        "replied_at",
    )
    list_filter = ("stars", "visibility", "target_kind")
    list_select_related = ("about_user",)
    search_fields = ("public_id", "target_public_id", "about_user__name")
    ordering = ("-id",)
    shown_visibility = state_column(
        "visibility", _("visibility"), {Visibility.VISIBLE: "success", Visibility.HIDDEN: "danger"}
    )
    steps = (
        Step(
            name="hide",
            label=_("Hide"),
            icon="visibility_off",
            run=_hide,
            roles=MODERATORS,
            form=HideForm,
            when=lambda review: review.visibility == Visibility.VISIBLE,
            danger=True,
        ),
        Step(
            name="show",
            label=_("Show"),
            icon="visibility",
            run=_show,
            roles=MODERATORS,
            when=lambda review: review.visibility == Visibility.HIDDEN,
            in_list=True,
        ),
    )

    @display(description=_("stars"), ordering="stars")
    def shown_stars(self, review: Review) -> str:
        """The stars as stars."""
        return "★" * review.stars + "☆" * (5 - review.stars)


def _review_in_history(review: Review) -> str:
    return f"{mask_name(review.author.name)} → {review.about_user.name}"


name_by(Review, Naming(name=_review_in_history, related=("author", "about_user")))
