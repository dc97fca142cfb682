"""Secrets are made once, stay, and are private."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.secrets import load_secrets


def test_secrets_are_made_once_and_readable_by_the_owner_only(tmp_path: Path) -> None:
    first = load_secrets(tmp_path / "new")

    assert load_secrets(tmp_path / "new") == first
    assert (tmp_path / "new" / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert len(base64.b64decode(first["FIELD_KEY"])) == 32
    assert len(base64.b64decode(first["BLIND_INDEX_KEY"])) == 32
    assert len(set(first.values())) == len(first)


def test_a_new_kind_of_secret_is_added_and_the_others_stay(tmp_path: Path) -> None:
    before = load_secrets(tmp_path)
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps({k: v for k, v in before.items() if k != "CONTROL_TOKEN"}))

    after = load_secrets(tmp_path)

    assert after.pop("CONTROL_TOKEN") != before.pop("CONTROL_TOKEN")
    assert after == before


def test_processes_that_start_together_get_the_same_secrets(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(load_secrets, [tmp_path] * 8))

    assert all(result == results[0] for result in results)


def test_damaged_secrets_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{")

    with pytest.raises(EmbeddedError, match="damaged"):
        load_secrets(tmp_path)

    assert (tmp_path / "secrets.json").read_text() == "{"


def test_a_data_folder_that_is_a_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(EmbeddedError, match="--data-dir"):
        load_secrets(tmp_path / "file" / "data")
