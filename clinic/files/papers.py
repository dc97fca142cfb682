"""The console's screen of a paper with two sides: pictures beside what was told."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.steps import StateAdmin
from clinic.files.models import StoredFile
from clinic.files.selectors import judged
from clinic.files.serving import answer_with

SIDES = (("front", _("Front")), ("back", _("Back")))


class PapersAdmin(StateAdmin):
    """Papers under review: a model with the files ``front`` and ``back``, either may be empty."""

    def note_picture(self, request: HttpRequest, paper: Any, side: str) -> None:
        """Note that a picture was opened; nothing unless a screen wants it."""

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the pictures."""
        view = self.admin_site.admin_view(self.picture_view)
        return [
            path("<int:pk>/picture/<slug:side>/", view, name=self._picture_name),
            *super().get_urls(),
        ]

    def picture_view(self, request: HttpRequest, pk: int, side: str) -> HttpResponse:
        """Answer one picture to whoever may see the screen."""
        paper = self.get_object(request, str(pk))
        if paper is None or not self.has_view_permission(request, paper):
            raise PermissionDenied
        file = _file(paper, side)
        if file is None:
            raise PermissionDenied
        self.note_picture(request, paper, side)
        return answer_with(judged(file), request.headers)

    @display(description=_("pictures"))
    def shown_pictures(self, paper: Any) -> str:
        """Both sides, each opens in full size; a word where they were removed in time."""
        if any(file is not None and not file.name for file in (paper.front, paper.back)):
            return gettext("The pictures were removed: the time of keeping them is over.")
        pictures = format_html_join(
            "",
            '<figure><a href="{}" target="_blank" rel="noopener"><img src="{}" alt="{}"></a>'
            "<figcaption>{}</figcaption></figure>",
            (
                (self._link(paper, side), self._link(paper, side), title, title)
                for side, title in SIDES
                if _file(paper, side) is not None
            ),
        )
        return format_html('<div class="console-pictures">{}</div>', pictures)

    @property
    def _picture_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_picture"

    def _link(self, paper: Any, side: str) -> str:
        return reverse(f"admin:{self._picture_name}", args=[paper.pk, side])


def _file(paper: Any, side: str) -> StoredFile | None:
    """Return the file of a side, "front" or "back"; None without one."""
    return {"front": paper.front, "back": paper.back}.get(side)
