"""What the periodic jobs do, in words for staff."""

from typing import Final

from django.utils.translation import gettext_lazy as _

JOBS: Final = {
    "assign-waiting-consultations": _("Assign waiting cases"),
    "build-data-exports": _("Write data exports"),
    "check-ledger": _("Check the ledger"),
    "consultation-timers": _("Timers of cases"),
    "expire-payment-orders": _("Close unpaid orders"),
    "expire-presence": _("Take doctors without a sign offline"),
    "forget-calendar-moves": _("Forget old moves of calendars"),
    "forget-old-drafts": _("Forget old drafts"),
    "forget-old-proofs": _("Forget old identity checks"),
    "forget-old-rows": _("Forget old codes and log-ins"),
    "index-messages": _("Make messages searchable"),
    "pick-quality-checks": _("Pick chats for quality checks"),
    "poll-payment-attempts": _("Ask providers for open payments"),
    "reconcile-doctor-loads": _("Recount the load of doctors"),
    "reconcile-payments": _("Reconcile with the bills"),
    "reconcile-payments-again": _("Reconcile with the bills, second run"),
    "refresh-provider-keys": _("Fetch keys of providers"),
    "release-appointment-codes": _("Release old appointment codes"),
    "remind-follow-ups": _("Remind of follow-ups"),
    "remind-of-appointments": _("Remind of appointments"),
    "remove-orphaned-files": _("Remove files that belong to nothing"),
    "remove-refused-pictures": _("Remove pictures of refused documents"),
    "replay-gateway-events": _("Take up messages of providers again"),
    "resume-broadcasts": _("Go on with broadcasts"),
    "run-calls": _("Phone calls that are due"),
    "scan-waiting-files": _("Scan waiting files"),
    "sweep-appointments": _("Timers of appointments"),
    "sweep-complaints": _("Deadlines of complaints"),
    "sweep-desk": _("Customer service: who waits"),
    "sweep-desk-fully": _("Customer service: who waits, in full"),
    "sweep-privacy": _("Deletions and exports that are due"),
    "tell-doctors-at-opening": _("Tell doctors when they open"),
    "watch-credentials": _("Watch over credentials"),
    "work-account-batches": _("Work on batches of accounts"),
    "work-refunds": _("Send refunds"),
}


def job_words(name: str) -> str:
    """Return what a job does; an unknown one keeps its name."""
    return str(JOBS.get(name, name))
