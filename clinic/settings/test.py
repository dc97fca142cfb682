"""For the test suite: the embedded servers without disk safety, quick hashes, strict errors."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("DATA_DIR", str(Path(tempfile.gettempdir()) / f"clinic-test-{os.getuid()}"))

from clinic.settings.embedded import *

DEBUG = False
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
]
ALLOWED_HOSTS = ["*"]
# The suite empties tables between tests; everywhere else the ledger refuses that.
DATABASES["default"]["OPTIONS"]["options"] += " -c clinic.may_truncate=on"
# The world of a module stays in one open transaction, however long a busy machine thinks.
DATABASES["default"]["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=0"
CODE_GATEWAY = "tests.accounts.fakes.FakeCodeGateway"
CALL_GATEWAY = "tests.consultations.fakes.FakeCallGateway"
STORAGES["files"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
# Every test client builds the middleware anew; reading all static files each time took 20 ms.
WHITENOISE_AUTOREFRESH = True
