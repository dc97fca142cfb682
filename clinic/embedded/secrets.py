"""Secrets the embedded profile makes for itself. Standard library only: settings import this."""

import base64
import json
import secrets
from pathlib import Path

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.errors import gettext_noop as _
from clinic.embedded.files import locked, make_data_dir, write_private_json

FILE_NAME = "secrets.json"


def load_secrets(data_dir: Path) -> dict[str, str]:
    """Return the secrets of this data folder, the same at every start.

    Missing ones are created in a file that only its owner can read. FIELD_KEY, BLIND_INDEX_KEY
    and SIGNING_KEY are 32 bytes in base64. Safe when several processes start at once.
    """
    path = data_dir / FILE_NAME
    known = _read(path)
    if known.keys() >= _fresh().keys():
        return known
    make_data_dir(data_dir)
    with locked(data_dir / f"{FILE_NAME}.lock"):
        complete = _fresh() | _read(path)
        write_private_json(path, complete)
    return complete


def _fresh() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "JWT_KEY": secrets.token_urlsafe(48),
        "FIELD_KEY": _key(),
        "BLIND_INDEX_KEY": _key(),
        "SIGNING_KEY": _key(),
        "METRICS_TOKEN": secrets.token_urlsafe(24),
        "CONTROL_TOKEN": secrets.token_urlsafe(24),
    }


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _read(path: Path) -> dict[str, str]:
    try:
        known: dict[str, str] = json.loads(path.read_text())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except ValueError:
        # Silently making new keys would turn every encrypted field into noise.
        raise EmbeddedError(
            _("%(path)s is damaged: restore it from a copy, or move the data folder away."),
            path=path,
        ) from None
    except OSError as error:
        raise EmbeddedError(
            _("%(path)s cannot be read (%(reason)s): run as the user who owns it."),
            path=path,
            reason=error.strerror,
        ) from error
    return known
