"""A fresh clinic has a first version of each text people agree to."""

import json
from pathlib import Path

from django.db import migrations

TEXTS = Path(__file__).parent.parent / "data" / "consent_texts.json"


def add(apps, schema_editor):
    text = apps.get_model("patients", "ConsentText")
    for words in json.loads(TEXTS.read_text(encoding="utf-8")):
        if not text.objects.filter(kind=words["kind"]).exists():
            text.objects.create(version=1, **words)


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
