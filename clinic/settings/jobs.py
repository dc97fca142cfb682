"""The jobs of beat: what each calls and how often. One that comes late is left out."""

from typing import Any

from celery.schedules import crontab

from clinic.settings import rules

SCHEDULE: dict[str, Any] = {
    "consultation-timers": {
        "task": "consultations.run_timers",
        "schedule": 30,
        "options": {"expires": 25},
    },
    "assign-waiting-consultations": {  # seed 000
        "task": "consultations.assign_waiting",
        "schedule": rules.ASSIGNMENT_SWEEP_EVERY,
        "options": {"expires": 240},
    },
    "remind-follow-ups": {
        "task": "consultations.remind_follow_ups",
        "schedule": rules.FOLLOW_UP_SWEEP_EVERY,
        "options": {"expires": 240},
    },
    "tell-doctors-at-opening": {
        "task": "consultations.tell_doctors",
        "schedule": rules.PUSH_SWEEP_EVERY,
        "options": {"expires": 50},
    },
    "run-calls": {
        "task": "consultations.run_calls",
        "schedule": rules.CALL_SWEEP_EVERY,
        "options": {"expires": 14},
    },
    "watch-credentials": {
        "task": "doctors.watch_credentials",
        "schedule": crontab(minute=5),
        "options": {"expires": 3000},
    },
    "reconcile-doctor-loads": {
        "task": "consultations.reconcile_loads",
        "schedule": crontab(hour=4, minute=10),
        "options": {"expires": 3600},
    },
    "resume-broadcasts": {
        "task": "relations.resume_broadcasts",
        "schedule": rules.BROADCAST_SWEEP_EVERY,
        "options": {"expires": 50},
    },
    "sweep-complaints": {
        "task": "complaints.sweep",
        "schedule": rules.COMPLAINT_SWEEP_EVERY,
        "options": {"expires": 240},
    },
    "sweep-appointments": {
        "task": "appointments.sweep",
        "schedule": rules.APPOINTMENT_SWEEP_EVERY,
        "options": {"expires": 25},
    },
    "release-appointment-codes": {
        "task": "appointments.release_codes",
        "schedule": crontab(hour=4, minute=20),
        "options": {"expires": 3600},
    },
    "forget-calendar-moves": {
        "task": "appointments.forget_moves",
        "schedule": 3600,
        "options": {"expires": 1800},
    },
    "remind-of-appointments": {
        "task": "appointments.remind",
        "schedule": rules.APPOINTMENT_REMIND_EVERY,
        "options": {"expires": 25},
    },
    "work-account-batches": {
        "task": "privacy.work_batches",
        "schedule": 10,
        "options": {"expires": 9},
    },
    "build-data-exports": {
        "task": "privacy.build_exports",
        "schedule": rules.EXPORT_SWEEP_EVERY,
        "options": {"expires": 50},
    },
    "remove-refused-pictures": {
        "task": "patients.remove_refused_pictures",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 3600},
    },
    "sweep-privacy": {
        "task": "privacy.sweep",
        "schedule": crontab(minute=35),
        "options": {"expires": 3000},
    },
    "sweep-desk": {
        "task": "customer_service.sweep",
        "schedule": rules.SERVICE_SWEEP_EVERY,
        "options": {"expires": 14},
    },
    "sweep-desk-fully": {  # seed 001: every five minutes, whatever the quick one did
        "task": "customer_service.sweep",
        "schedule": rules.SERVICE_FULL_PASS_EVERY,
        "options": {"expires": 240},
    },
    "forget-old-rows": {
        "task": "core.forget_old_rows",
        "schedule": 3600,
        "options": {"expires": 1800},
    },
    "forget-old-proofs": {
        "task": "accounts.forget_old_proofs",
        "schedule": 3600,
        "options": {"expires": 1800},
    },
    "expire-presence": {
        "task": "doctors.expire_presence",
        "schedule": rules.PRESENCE_SWEEP_EVERY,
        "options": {"expires": 25},
    },
    "forget-old-drafts": {
        "task": "customer_service.forget_old_drafts",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 3600},
    },
    "pick-quality-checks": {
        "task": "customer_service.pick_quality_checks",
        "schedule": crontab(hour=0, minute=30),
        "options": {"expires": 3600},
    },
    "expire-payment-orders": {
        "task": "payments.expire_orders",
        "schedule": 30,
        "options": {"expires": 25},
    },
    "reconcile-payments": {  # bills are ready after 10:00 of the next day
        "task": "payments.reconcile",
        "schedule": crontab(hour=10, minute=30),
        "options": {"expires": 3600},
    },
    "reconcile-payments-again": {
        "task": "payments.reconcile",
        "schedule": crontab(hour=14, minute=0),
        "options": {"expires": 3600},
    },
    "refresh-provider-keys": {
        "task": "payments.refresh_provider_keys",
        "schedule": crontab(hour="3,15", minute=40),
        "options": {"expires": 3600},
    },
    "check-ledger": {
        "task": "payments.check_ledger",
        "schedule": crontab(minute=25),
        "options": {"expires": 1800},
    },
    "poll-payment-attempts": {
        "task": "payments.poll_attempts",
        "schedule": 5,
        "options": {"expires": 5},
    },
    "work-refunds": {
        "task": "payments.work_refunds",
        "schedule": 15,
        "options": {"expires": 15},
    },
    "index-messages": {
        "task": "chat.index_messages",
        "schedule": 60,
        "options": {"expires": 50},
    },
    "remove-orphaned-files": {
        "task": "files.remove_orphans",
        "schedule": 600,
        "options": {"expires": 500},
    },
    "scan-waiting-files": {
        "task": "files.scan_waiting",
        "schedule": 30,
        "options": {"expires": 25},
    },
    "replay-gateway-events": {
        "task": "payments.replay_events",
        "schedule": 60,
        "options": {"expires": 50},
    },
}
