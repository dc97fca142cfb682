"""Foreign keys point down the house too; string references hide from the import contracts."""

import tomllib
from pathlib import Path

from django.apps import apps
from django.db.models import Field

ROOT = Path(__file__).resolve().parents[2]


def _rows() -> dict[str, int]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = contracts["contracts"][0]["layers"]
    rows: dict[str, int] = {}
    for row, line in enumerate(layers):
        for room in line.replace("(", "").replace(")", "").split("|"):
            rows[room.strip()] = row
    return rows


def test_no_foreign_key_points_up_or_sideways() -> None:
    rows = _rows()
    wrong = []
    for model in apps.get_models():
        room = model._meta.app_config.name
        if room not in rows:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not isinstance(field, Field) or target is None or isinstance(target, str):
                continue
            other = target._meta.app_config.name
            if other in rows and other != room and rows[other] <= rows[room]:
                wrong.append(f"{model._meta.label}.{field.name} -> {other}")

    assert wrong == []


def test_every_room_of_the_project_has_a_declared_place() -> None:
    rows = _rows()
    undeclared = {
        config.name
        for config in apps.get_app_configs()
        if (ROOT / config.name.replace(".", "/")).is_dir()
        and config.name not in rows
        and config.name != "clinic.embedded"
    }

    assert undeclared == set()
