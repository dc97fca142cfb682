"""The migrated database that every worker copies: made once per schema, before the first test.

It is made before the workers start, so no test's time limit runs while it is migrated.
"""

import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import django
import psycopg2
from django.conf import settings
from psycopg2 import sql

ROOT = Path(__file__).resolve().parent.parent
LOCK = 0x7465
KEPT = ("django_migrations", "django_content_type", "auth_permission")

# Rows that migrations made, beside the tables that no test changes: what emptying puts back.
_REMEMBER = """
CREATE SCHEMA seeded;
DO $$
DECLARE
    name text;
    filled boolean;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> ALL (string_to_array('{kept}', ','))
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
        IF filled THEN
            EXECUTE format('CREATE TABLE seeded.%I AS TABLE public.%I', name, name);
        END IF;
    END LOOP;
END $$;
"""

# DELETE of the few filled tables takes milliseconds, TRUNCATE of all of them a second; no trigger
# and no foreign key is asked, because every row goes. A function with a statement for each table
# is planned once per connection, which takes longer than running it.
_MAKE_EMPTY = """
DO $make$
DECLARE
    body text;
BEGIN
    SELECT string_agg(format(
        'IF EXISTS (SELECT FROM public.%1$I) THEN DELETE FROM public.%1$I; END IF;', tablename
    ), E'\n' ORDER BY tablename) INTO body
    FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> ALL (string_to_array('{kept}', ','));
    SELECT body || coalesce(string_agg(format(
        'INSERT INTO public.%1$I OVERRIDING SYSTEM VALUE TABLE seeded.%1$I;', tablename
    ), E'\n' ORDER BY tablename), '') INTO body
    FROM pg_tables WHERE schemaname = 'seeded';
    EXECUTE format(
        'CREATE FUNCTION seeded.put_back() RETURNS void LANGUAGE plpgsql '
        'SET session_replication_role = replica AS %L', 'BEGIN ' || body || ' END'
    );
END $make$;
"""


def server() -> Any:
    """Return a connection to the server's own database; each statement commits."""
    link = _connect("postgres")
    link.autocommit = True
    return link


def _connect(database: str) -> Any:
    config = settings.DATABASES["default"]
    return psycopg2.connect(
        dbname=database,
        user=config["USER"],
        host=config["HOST"],
        port=config.get("PORT") or None,
        password=config.get("PASSWORD") or None,
    )


def name() -> str:
    """Return the template's name; another migration gives another one."""
    files = sorted(ROOT.glob("*/migrations/*.py")) + sorted(ROOT.glob("clinic/*/migrations/*.py"))
    text = b"".join(path.read_bytes() for path in [*files, Path(__file__)])
    return f"template_clinic_{zlib.crc32(text):08x}"


def ensure() -> None:
    """Make the template unless it is there."""
    link = server()
    with link.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name()])
        if cursor.fetchone() is None:
            _build(cursor)
    link.close()


def copy(cursor: Any, to: str) -> None:
    """Make a database out of the template; two copies at once would refuse each other."""
    cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    cursor.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(to), sql.Identifier(name()))
    )
    cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def empty(cursor: Any) -> None:
    """Take every row but those of the migrations out of a worker's database."""
    cursor.execute("SELECT seeded.put_back()")


def _build(cursor: Any) -> None:
    draft = f"{name()}_draft"
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(draft)))
    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
    config = settings.DATABASES["default"]
    url = f"postgres://{config['USER']}@/{draft}?host={config['HOST']}"
    if "DATABASE_URL" in os.environ:
        head, _, _ = os.environ["DATABASE_URL"].rpartition("/")
        url = f"{head}/{draft}"
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v", "0"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "clinic.settings.test"},
        check=True,
    )
    with _connect(draft) as link, link.cursor() as inside:
        inside.execute(_REMEMBER.format(kept=",".join(KEPT)))
        inside.execute(_MAKE_EMPTY.format(kept=",".join(KEPT)))
    link.close()
    cursor.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(draft), sql.Identifier(name())
        )
    )


if __name__ == "__main__":
    django.setup()
    ensure()
