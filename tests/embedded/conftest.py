"""A data folder of its own for each test, and nothing left of it afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinic.embedded import paths, postgres, redis


@pytest.fixture
def data_dir(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return an empty data folder that the servers' user can reach; its servers are stopped."""
    folder = Path(tempfile.mkdtemp(prefix="clinic-up-")).resolve()
    folder.chmod(0o711)
    monkeypatch.setenv("DATA_DIR", str(folder))
    yield folder
    postgres.stop(folder)
    redis.stop(folder)
    shutil.rmtree(paths.socket_dir(folder), ignore_errors=True)
    shutil.rmtree(folder)
