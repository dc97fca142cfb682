import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0003_number_revisions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='message',
            name='rev',
            field=models.PositiveIntegerField(verbose_name='revision'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='message',
            trigger=pgtrigger.compiler.Trigger(name='message_keeps_former_text', sql=pgtrigger.compiler.UpsertTriggerSql(declare="DECLARE moving text[] := '{body,extra,rev,edited_at,recalled_at,changed_by_id,recall_reason}'::text[];", func="\nIF TG_OP = 'DELETE'\n  OR (to_jsonb(NEW) - moving) IS DISTINCT FROM (to_jsonb(OLD) - moving)\n  OR OLD.recalled_at IS NOT NULL OR OLD.kind = 'system' OR NEW.rev <= OLD.rev\n  OR (NEW.recalled_at IS NULL AND (OLD.kind <> 'text' OR NEW.edited_at IS NULL\n    OR NEW.extra IS DISTINCT FROM OLD.extra OR NEW.recall_reason <> ''))\n  OR (NEW.recalled_at IS NOT NULL AND NEW.edited_at IS DISTINCT FROM OLD.edited_at)\nTHEN RAISE EXCEPTION 'Cannot update or delete rows from chat_message beside edit and recall';\nEND IF;\nINSERT INTO chat_messagerevision (message_id, rev, replaced_rev, replaced_at, replaced_by_id,\n  is_recall, reason, body, extra)\nVALUES (OLD.id, OLD.rev, NEW.rev, COALESCE(NEW.recalled_at, NEW.edited_at), NEW.changed_by_id,\n  NEW.recalled_at IS NOT NULL, NEW.recall_reason, OLD.body, OLD.extra);\nRETURN NEW;\n", hash='dd0e03a0897ba17e61a15780874039813625ae87', operation='UPDATE OR DELETE', pgid='pgtrigger_message_keeps_former_text_ecb8d', table='chat_message', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('left_rev', None), ('left_seq', None)), models.Q(('left_rev__isnull', False), ('left_seq__isnull', False)), _connector='OR'), name='left_at_number_and_revision'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('conversation', 'rev'), name='one_message_per_revision'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('recalled_at', None), models.Q(('body', ''), ('extra', None)), _connector='OR'), name='recalled_message_is_empty'),
        ),
    ]
