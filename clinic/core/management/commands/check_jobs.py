"""``manage.py check_jobs``: did beat run, which periodic jobs are late or fail?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from clinic.core.clock import moment_text, now
from clinic.core.jobs import Job, jobs


class Command(BaseCommand):
    """Exit code 0 when every periodic job ran in time and went well, 1 otherwise."""

    help = "List periodic jobs with their last run; late and failing ones first."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 given by Django
        """Print one line per job; raise CommandError when one is late or failing."""
        found = jobs(now())
        for job in found:
            last = moment_text(job.last_ended_at) if job.last_ended_at else _("never")
            self.stdout.write(f"{self._mark(job)}  {job.name}  {last}  {job.last_error}".rstrip())
        bad = sum(job.is_late or job.is_failing for job in found)
        if bad:
            raise CommandError(_("%(count)s jobs are late or failing.") % {"count": bad})

    def _mark(self, job: Job) -> str:
        if job.is_late:
            return self.style.ERROR(_("LATE"))
        if job.is_failing:
            return self.style.ERROR(_("FAILING"))
        return self.style.SUCCESS(_("on time") if job.is_enabled else _("off"))
