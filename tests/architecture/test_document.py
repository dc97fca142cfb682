"""The OpenAPI document is valid and leaves nothing out; the models are what was migrated."""

import json
from pathlib import Path

import drf_spectacular.validation
import jsonschema_rs
import pytest
from django.core.management import call_command

from tests.architecture.document import complaints, document

STANDARD = Path(drf_spectacular.validation.__file__).with_name("openapi_3_1_schema.json")


def test_the_document_is_valid_and_leaves_nothing_out() -> None:
    told = json.loads(json.dumps(document(), default=str))
    standard = jsonschema_rs.validator_for(json.loads(STANDARD.read_text()))

    faults = [f"{fault.instance_path}: {fault.message}" for fault in standard.iter_errors(told)]

    assert told["openapi"].startswith("3.1")
    assert faults == []
    assert complaints() == []
    assert not standard.is_valid({**told, "info": {}})


@pytest.mark.django_db
def test_no_model_changed_without_a_migration() -> None:
    try:
        call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
    except SystemExit:
        pytest.fail(
            "A model changed without a migration: run manage.py makemigrations <app> -n <intent>\n"
            "模型有改动但缺少迁移：请运行 manage.py makemigrations <app> -n <intent>"
        )
