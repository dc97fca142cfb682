"""Departments say whether they see children under six."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('doctors', '0010_phone_places'),
    ]

    operations = [
        migrations.AddField(
            model_name='department',
            name='sees_children',
            field=models.BooleanField(default=False, help_text='Only its doctors are offered consultations of children under six.', verbose_name='sees children under six'),
        ),
    ]
