"""Taking files in."""

import hashlib
import secrets
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from clinic.accounts.models import User
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.errors import InvalidInputError, NotAuthenticatedError
from clinic.core.events import publish
from clinic.files.contents.parts import Content
from clinic.files.contents.reading import read_content
from clinic.files.enums import Scan
from clinic.files.errors import FileQuotaError
from clinic.files.events import FileStored
from clinic.files.gateways.scanning import is_scanning
from clinic.files.models import StoredFile
from clinic.files.purposes import PURPOSES
from clinic.files.rules import clean_name
from clinic.files.selectors import STORAGE
from clinic.settings import rules


def store_file(*, actor: Actor, purpose: str, name: str, data: bytes) -> StoredFile:
    """Check the bytes, strip what an image tells beside its picture, and keep them.

    The kind is read from the bytes. Nothing takes the file yet: it is swept away after
    FILE_UNBOUND_LIFE. Raises InvalidInputError, FileEmptyError, FileKindRefusedError,
    FileTooLargeError, FileQuotaError.
    """
    if actor.user_id is None:
        raise NotAuthenticatedError
    if purpose not in PURPOSES:
        message = _("Choose one of these purposes: %(choices)s.")
        choices = {"choices": ", ".join(sorted(PURPOSES))}
        raise InvalidInputError("purpose", message % choices, code="invalid_choice")
    content = read_content(data, PURPOSES[purpose].kinds)
    moment = now()
    file = StoredFile(
        owner_id=actor.user_id,
        purpose=purpose,
        kind=content.kind,
        mime=content.mime,
        name=clean_name(name, content.ending),
        size=len(content.data),
        sha256=hashlib.sha256(content.data).hexdigest(),
        width=content.width,
        height=content.height,
        duration_ms=content.duration_ms,
        stored_as=_random_name(moment),
        scan=Scan.PENDING if is_scanning() else Scan.NONE,
        created_at=moment,
    )
    _make_row(file)
    _keep(file, content)
    return file


def _make_row(file: StoredFile) -> None:
    # The account's row is the lock of its storage: parallel uploads cannot pass the quota together.
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).only("pk").get(pk=file.owner_id)
        stored = StoredFile.objects.filter(owner_id=file.owner_id).aggregate(sum=Sum("size"))["sum"]
        if (stored or 0) + file.size > rules.FILE_QUOTA_BYTES:
            raise FileQuotaError
        file.save(force_insert=True)


def _keep(file: StoredFile, content: Content) -> None:
    # After the row and outside of its transaction: a crash here leaves an orphan that is swept.
    storages[STORAGE].save(file.stored_as, ContentFile(content.data))
    if file.scan == Scan.PENDING:
        with transaction.atomic():
            publish(FileStored(file_id=file.pk))


def _random_name(moment: datetime) -> str:
    return f"{moment:%Y/%m}/{secrets.token_hex(16)}"
