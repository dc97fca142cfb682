"""A temperature from 38 °C on warns of who is below three months, as the word fever does."""

from django.db import migrations


def load(apps, schema_editor):
    model = apps.get_model("consultations", "RedFlag")
    like = model.objects.filter(word="发烧", below_months=3, only_pregnant=False).first()
    if like is not None:
        model.objects.get_or_create(
            word="38度",
            below_months=3,
            only_pregnant=False,
            defaults={"language": "zh", "advice": like.advice},
        )


class Migration(migrations.Migration):
    dependencies = [("consultations", "0003_sign_confirmed_revisits_only")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
