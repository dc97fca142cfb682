from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [('complaints', '0005_move_compensations')]

    operations = [
        migrations.RemoveField(
            model_name='complaint',
            name='compensation',
        ),
    ]
