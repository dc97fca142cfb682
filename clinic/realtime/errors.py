"""What can go wrong with a frame."""

from django.utils.translation import gettext_lazy as _

from clinic.core.errors import ClinicError


class BadFrameError(ClinicError):
    """The frame cannot be read; ``extra['attr']`` names the field at fault, if one is."""

    code = "bad_frame"
    status = 400
    message = _("This frame cannot be read. See the socket's document for its fields.")

    def __init__(self, attr: str = "") -> None:
        """Name the field at fault."""
        super().__init__(extra={"attr": attr} if attr else None)
