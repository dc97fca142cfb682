"""The signature below the record of a case, as this room limits it."""

import pgtrigger
from django.utils.translation import gettext_lazy as _

from clinic.records.models import MedicalRecord

# The lock of the case makes a signature beside a referral or a transfer wait, and then be judged.
ONLY_CONFIRMED = """
IF NEW.subject_kind <> 'consultation' OR NEW.state <> 'signed'
  OR (TG_OP = 'UPDATE' AND OLD.state = 'signed')
THEN RETURN NEW;
END IF;
PERFORM 1 FROM consultations_consultation
  WHERE public_id = NEW.subject_public_id FOR SHARE;
IF NOT EXISTS (
  SELECT 1 FROM consultations_consultation c
  WHERE c.public_id = NEW.subject_public_id AND c.doctor_id = NEW.doctor_id
    AND (c.state = 'referred_offline' OR (
      SELECT said.fits FROM consultations_revisitcheck said
      WHERE said.consultation_id = c.id AND said.doctor_id = c.doctor_id
      ORDER BY said.id DESC LIMIT 1
    ))
) THEN
  RAISE EXCEPTION 'signed_case_is_a_revisit: its doctor has not confirmed the re-visit'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_case_is_a_revisit';
END IF;
RETURN NEW;
"""


class SignedCase(MedicalRecord):
    """A record seen from its case; no table of its own, it carries the trigger of this room.

    A record of a consultation is signed by the doctor who has the case and has confirmed the
    re-visit, or who referred it to a hospital. Whatever writes, the database holds that.
    """

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("signed record of a case")
        verbose_name_plural = _("signed records of cases")
        triggers = [
            pgtrigger.Trigger(
                name="signed_case_is_a_revisit",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=ONLY_CONFIRMED,
            )
        ]
