"""Triggers that hold what constraints cannot say about the ledger. Core PostgreSQL only.

Emptying the tables is refused except where a session says ``clinic.may_truncate`` (test suite).
"""

from django.db import migrations

UP = """
CREATE FUNCTION payments_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' AND current_setting('clinic.may_truncate', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'the ledger is append-only'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_ARGV[0];
END $$;

CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE ON payments_ledgerposting
  FOR EACH ROW EXECUTE FUNCTION payments_ledger_refuse('ledger_append_only');
CREATE TRIGGER transaction_append_only BEFORE UPDATE OR DELETE ON payments_ledgertransaction
  FOR EACH ROW EXECUTE FUNCTION payments_ledger_refuse('ledger_append_only');
CREATE TRIGGER posting_no_truncate BEFORE TRUNCATE ON payments_ledgerposting
  FOR EACH STATEMENT EXECUTE FUNCTION payments_ledger_refuse('ledger_append_only');
CREATE TRIGGER transaction_no_truncate BEFORE TRUNCATE ON payments_ledgertransaction
  FOR EACH STATEMENT EXECUTE FUNCTION payments_ledger_refuse('ledger_append_only');
CREATE TRIGGER account_no_truncate BEFORE TRUNCATE ON payments_ledgeraccount
  FOR EACH STATEMENT EXECUTE FUNCTION payments_ledger_refuse('ledger_append_only');
CREATE TRIGGER account_keep BEFORE DELETE ON payments_ledgeraccount
  FOR EACH ROW EXECUTE FUNCTION payments_ledger_refuse('ledger_append_only');

-- depth 0 = a statement of a client; the posting trigger below updates at depth 1
CREATE TRIGGER account_balance_by_posting BEFORE UPDATE ON payments_ledgeraccount
  FOR EACH ROW WHEN (
    OLD.kind IS DISTINCT FROM NEW.kind OR OLD.code IS DISTINCT FROM NEW.code
    OR (pg_trigger_depth() = 0 AND (
      OLD.balance_fen IS DISTINCT FROM NEW.balance_fen
      OR OLD.last_sequence IS DISTINCT FROM NEW.last_sequence))
  ) EXECUTE FUNCTION payments_ledger_refuse('ledger_balance_by_posting');
CREATE TRIGGER account_starts_empty BEFORE INSERT ON payments_ledgeraccount
  FOR EACH ROW WHEN (COALESCE(NEW.balance_fen, 0) <> 0 OR NEW.last_sequence <> 0)
  EXECUTE FUNCTION payments_ledger_refuse('ledger_balance_by_posting');

CREATE FUNCTION payments_ledger_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.sequence := NULL;
  NEW.balance_after_fen := NULL;
  UPDATE payments_ledgeraccount
     SET balance_fen = balance_fen + NEW.amount_fen, last_sequence = last_sequence + 1
   WHERE id = NEW.account_id AND balance_fen IS NOT NULL
  RETURNING last_sequence, balance_fen INTO NEW.sequence, NEW.balance_after_fen;
  RETURN NEW;
END $$;
CREATE TRIGGER posting_moves_balance BEFORE INSERT ON payments_ledgerposting
  FOR EACH ROW EXECUTE FUNCTION payments_ledger_post();

CREATE FUNCTION payments_ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  booking bigint;
  legs bigint;
  total numeric;
BEGIN
  IF TG_TABLE_NAME = 'payments_ledgertransaction' THEN
    booking := NEW.id;
  ELSE
    booking := NEW.transaction_id;
  END IF;
  SELECT count(*), COALESCE(sum(amount_fen), 0) INTO legs, total
    FROM payments_ledgerposting WHERE transaction_id = booking;
  IF legs < 2 OR total <> 0 THEN
    RAISE EXCEPTION 'booking % has % legs and the sum %', booking, legs, total
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_balanced';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER transaction_balanced AFTER INSERT ON payments_ledgertransaction
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_ledger_balanced();
CREATE CONSTRAINT TRIGGER posting_balanced AFTER INSERT ON payments_ledgerposting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_ledger_balanced();
"""

DOWN = """
DROP TRIGGER posting_balanced ON payments_ledgerposting;
DROP TRIGGER transaction_balanced ON payments_ledgertransaction;
DROP TRIGGER posting_moves_balance ON payments_ledgerposting;
DROP TRIGGER account_starts_empty ON payments_ledgeraccount;
DROP TRIGGER account_balance_by_posting ON payments_ledgeraccount;
DROP TRIGGER account_keep ON payments_ledgeraccount;
DROP TRIGGER account_no_truncate ON payments_ledgeraccount;
DROP TRIGGER transaction_no_truncate ON payments_ledgertransaction;
DROP TRIGGER posting_no_truncate ON payments_ledgerposting;
DROP TRIGGER transaction_append_only ON payments_ledgertransaction;
DROP TRIGGER posting_append_only ON payments_ledgerposting;
DROP FUNCTION payments_ledger_balanced();
DROP FUNCTION payments_ledger_post();
DROP FUNCTION payments_ledger_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(UP, DOWN)]
