"""Settings that every environment shares. Secrets and addresses come from the environment."""

from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab

from clinic.settings import console, rules

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.FileAwareEnv()
RULES = rules

DEBUG = False
ALLOWED_HOSTS: list[str] = []
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "channels",
    "django_celery_beat",
    "clinic.core",
    "clinic.embedded",
    "clinic.accounts",
    "clinic.realtime",
    "clinic.files",
    "clinic.patients",
    "clinic.notifications",
    "clinic.reviews",
    "doctors",
    "payments",
    "chat",
    "clinic.relations",
    "clinic.phrases",
    "clinic.records",
    "appointments",
    "consultations",
    "clinic.complaints",
    "clinic.customer_service",
    "clinic.privacy",
    "clinic.demo",
]
MIDDLEWARE = [
    "clinic.core.middleware.request_context",
    "clinic.core.middleware.ApiDoor",
    # For pages alone: the door does what the API needs.
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "clinic.core.middleware.api_problems",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"
ASGI_APPLICATION = "clinic.asgi.application"
APPEND_SLASH = False
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "clinic" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Data
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
DATABASE_OPTIONS = {
    "connect_timeout": 3,
    # A statement, a lock or an idle transaction that takes longer is a fault, not a load.
    # The ORM writes joins in a good order and nothing prepares: trying all orders of nine tables
    # took 7.5 ms of planning for 0.3 ms of work, with a limit of 4 it is 1.1 ms.
    # What is read often lies in memory: at the price of a turning disk PostgreSQL reads whole small
    # tables instead of one row by its key, which was more than half of a hot read's time there.
    "options": "-c statement_timeout=15000 -c lock_timeout=5000 "
    "-c idle_in_transaction_session_timeout=30000 -c join_collapse_limit=4 "
    "-c random_page_cost=1.1",
}
# Off where a pooler gives each transaction another connection (PgBouncer in transaction mode).
PREPARES_STATEMENTS = env.bool("PREPARES_STATEMENTS", True)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    # A killed worker's tasks come back after seconds instead of 100 s.
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "unacked_restore_limit": 1000,
}

# People
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "clinic" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.BCryptPasswordHasher",
]
AUTHENTICATION_BACKENDS = ["clinic.accounts.backends.PhoneBackend"]
CODES_PER_ADDRESS_AN_HOUR: int = rules.CODES_PER_ADDRESS_AN_HOUR
LOGIN_TRIES_PER_ADDRESS: int = rules.LOGIN_TRIES_PER_ADDRESS
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "clinic.accounts.validators.LongEnoughValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
# Whether staff must prove a second factor; who has one set up is asked for it in any case.
SECOND_FACTOR_REQUIRED: bool = rules.SECOND_FACTOR_REQUIRED

# Web
STATIC_URL = "static/"
STATIC_ROOT: Path | None = BASE_DIR / "static-collected"
STATICFILES_DIRS = [BASE_DIR / "clinic" / "static"]
WHITENOISE_USE_FINDERS = True
SESSION_ENGINE = "clinic.accounts.console_sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# API
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["clinic.accounts.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["clinic.core.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["clinic.core.api.renderers.FastJSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "clinic.core.api.schema.ClinicSchema",
    "EXCEPTION_HANDLER": "clinic.core.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Xiangcao (香草) API",
    "DESCRIPTION": "Online clinic: consultations, chat, payments. Errors are RFC 9457 documents.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AppointmentActEnum": "appointments.enums.Act",
        "AppointmentDeclineReasonEnum": "appointments.enums.DeclineReason",
        "AppointmentModeEnum": "appointments.enums.Mode",
        "AppointmentSourceEnum": "appointments.enums.Source",
        "AppointmentStateEnum": "appointments.enums.State",
        "AccountActEnum": "clinic.privacy.enums.BatchAct",
        "AccountBatchItemStateEnum": "clinic.privacy.enums.ItemState",
        "AccountBatchStateEnum": "clinic.privacy.enums.BatchState",
        "AccountStateEnum": "clinic.privacy.enums.AccountState",
        "DataExportStateEnum": "clinic.privacy.enums.ExportState",
        "DeletionStateEnum": "clinic.privacy.enums.DeletionState",
        "EmergencyReasonEnum": "clinic.privacy.enums.EmergencyReason",
        "HouseRoleEnum": "clinic.core.roles.Role",
        "SuspendReasonEnum": "clinic.privacy.enums.SuspendReason",
        "AskedEnum": "clinic.customer_service.enums.Asked",
        "AttemptOutcomeEnum": "consultations.enums.Outcome",
        "BroadcastStateEnum": "clinic.relations.enums.BroadcastState",
        "DeliveryStateEnum": "clinic.relations.enums.DeliveryState",
        "RelationSourceEnum": "clinic.relations.enums.Source",
        "ComplaintActEnum": "clinic.complaints.enums.Act",
        "ComplaintKindEnum": "clinic.complaints.enums.Kind",
        "ComplaintSideEnum": "clinic.complaints.enums.Side",
        "ComplaintStateEnum": "clinic.complaints.enums.State",
        "ComplaintSubjectEnum": "clinic.complaints.enums.Subject",
        "SanctionKindEnum": "clinic.complaints.enums.SanctionKind",
        "CertificationEnum": "doctors.enums.Certification",
        "ConsentKindEnum": "clinic.patients.enums.ConsentKind",
        "IdentityDocumentKindEnum": "clinic.patients.enums.DocumentKind",
        "IdentityDocumentReasonEnum": "clinic.patients.enums.DocumentReason",
        "IdentityDocumentStateEnum": "clinic.patients.enums.DocumentState",
        "RealNameEnum": "clinic.patients.enums.RealName",
        "ConsultationKindEnum": "consultations.enums.Kind",
        "IntakeSourceEnum": "consultations.enums.IntakeSource",
        "ConsultationReasonEnum": "consultations.enums.Reason",
        "ConsultationStateEnum": "consultations.enums.State",
        "CredentialKindEnum": "doctors.enums.CredentialKind",
        "CredentialReasonEnum": "doctors.enums.CredentialReason",
        "CredentialStateEnum": "doctors.enums.CredentialState",
        "IdentityMethodEnum": "doctors.enums.IdentityMethod",
        "DeclineReasonEnum": "consultations.enums.DeclineReason",
        "ChatSideEnum": "clinic.customer_service.enums.Side",
        "ChatStateEnum": "clinic.customer_service.enums.ChatState",
        "ChatMoveReasonEnum": "clinic.customer_service.enums.MoveReason",
        "ChatViewingEnum": ["viewing", "replying"],
        "ChatViewingNoteEnum": ["viewing", "replying", "gone"],
        "DraftModeEnum": "clinic.customer_service.enums.DraftMode",
        "LeftMessageStateEnum": "clinic.customer_service.enums.LeftMessageState",
        "MemberRoleEnum": "chat.enums.MemberRole",
        "MessageKindEnum": "chat.enums.MessageKind",
        "DayKindEnum": "doctors.enums.DayKind",
        "DoctorStatusEnum": "doctors.enums.DoctorStatus",
        "LedgerKindEnum": "payments.enums.TransactionKind",
        "MessageStatusEnum": "chat.enums.MessageStatus",
        "LevelEnum": "doctors.enums.Level",
        "MessageStepEnum": "clinic.customer_service.enums.MessageStep",
        "OrderStatusEnum": "payments.enums.OrderStatus",
        "PayMethodEnum": "payments.enums.PayMethod",
        "PresenceEnum": "doctors.enums.PresenceState",
        "QueuePlaceEnum": "clinic.customer_service.enums.QueuePlace",
        "RefundModeEnum": "payments.enums.RefundMode",
        "RefundReasonEnum": "payments.enums.RefundReason",
        "RefundRequestStateEnum": "payments.enums.RequestState",
        "RefundStatusEnum": "payments.enums.RefundStatus",
        "CallOutcomeEnum": "consultations.enums.CallOutcome",
        "CallStateEnum": "consultations.enums.CallState",
        "FollowUpStateEnum": "consultations.enums.FollowUpState",
        "HoldEndEnum": "consultations.enums.HoldEnd",
        "HoldReasonEnum": "consultations.enums.HoldReason",
        "TransferReasonEnum": "consultations.enums.TransferReason",
        "TransferStateEnum": "consultations.enums.TransferState",
        "WeekdayEnum": "doctors.enums.Weekday",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "clinic.core.api.schema.add_problem_schema",
    ],
    "SERVERS": [{"url": "/"}],
}

# Work in the background. Deadlines live in tables; no task waits longer than a minute.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_TASK_DEFAULT_QUEUE = "clinic"
# Celery closes the database connection around every task unless told to keep it.
CELERY_DB_REUSE_MAX = 10_000
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
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

# Sockets: the pub/sub layer; the stock layer drops messages at saturation.
CHANNEL_CAPACITY = 1000

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "clinic.core.logs.PlainFormatter"},
        "json": {"()": "clinic.core.logs.JSONFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "clinic": {"level": "INFO"},
        "doctors": {"level": "INFO"},
        "payments": {"level": "INFO"},
        "chat": {"level": "INFO"},
        "consultations": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
    },
}

# Registration by code, payments and messages reach outside services at these addresses.
WECHATPAY_BASE_URL = ""
# One folder per merchant, named as his secret reference, holding merchant.json and his key.
MERCHANT_SECRETS_DIR = env.str("MERCHANT_SECRETS_DIR", default="")
SMS_BASE_URL = ""
SMS_ACCESS_KEY_ID = ""
SMS_ACCESS_KEY_SECRET = ""
SMS_SIGN_NAME = "香草"
# The reviewed template of each purpose (clinic.accounts.enums.CodePurpose); all take ${code}.
SMS_CODE_TEMPLATES = {
    "register": "SMS_100000001",
    "login": "SMS_100000002",
    "password": "SMS_100000003",
    "identity": "SMS_100000004",
}
# The mini program that draws invites; without an address they are plain QR codes.
WECHAT_MINI_BASE_URL = ""
WECHAT_MINI_APPID = ""
WECHAT_MINI_SECRET = ""
WECHAT_MINI_INVITE_PAGE = "pages/invite/invite"
# Number protection for phone consultations; reports of calls are signed with a secret of their own.
CALLS_BASE_URL = ""
CALLS_ACCESS_KEY_ID = ""
CALLS_ACCESS_KEY_SECRET = ""
CALLS_POOL_KEY = ""
CALLS_REPORT_SECRET = ""
CALL_GATEWAY = "consultations.gateways.calls.AliyunCallGateway"
# Compares names and ID numbers (clinic.adapters.aliyun_identity); an address is wanted to order.
IDENTITY_BASE_URL = ""
IDENTITY_ACCESS_KEY_ID = ""
IDENTITY_ACCESS_KEY_SECRET = ""
CODE_GATEWAY = "clinic.accounts.gateways.codes.AliyunCodeGateway"
PUBLIC_BASE_URL = ""
# Proxies of our own in front of the clinic; each appends one entry to X-Forwarded-For.
TRUSTED_PROXY_HOPS = 0
METRICS_TOKEN = ""

# The virus scanner of uploads: "unix:/run/clamav/clamd.ctl" or "host:3310"; empty = not scanned.
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", "")
# Compares a doctor's live picture with his portrait (doctors.gateways.faces); empty = not offered.
DOCTOR_FACE_CHECK = env.str("DOCTOR_FACE_CHECK", "")
# Where the proxy in front serves the folder of uploads itself (nginx: an internal location).
FILES_ACCEL_PREFIX = env.str("FILES_ACCEL_PREFIX", "")

# The head of printed papers.
CLINIC_NAME = env.str("CLINIC_NAME", "香草在线诊所")
CLINIC_LICENCE = env.str("CLINIC_LICENCE", "")  # number of the practice licence
CLINIC_ADDRESS = env.str("CLINIC_ADDRESS", "")
CLINIC_PHONE = env.str("CLINIC_PHONE", "")
# Font files for printed papers, in order of preference; empty = what the machine has.
PAPER_FONTS: list[str] = env.list("PAPER_FONTS", default=[])
# Public keys (base64) of former SIGNING_KEYs, so that old signatures can be proven.
SIGNING_FORMER_KEYS: list[str] = env.list("SIGNING_FORMER_KEYS", default=[])

# Messages a person may send, over all devices and doors.
CHAT_SEND_RATE = env.str("CHAT_SEND_RATE", rules.SEND_RATE)

# Whether an agent's silence ends a service chat too (seed 001 to the letter).
SERVICE_AGENT_SILENCE_ENDS = env.bool(
    "SERVICE_AGENT_SILENCE_ENDS", rules.SERVICE_AGENT_SILENCE_ENDS
)

# The staff console
CONSOLE_ACTOR = console.CONSOLE_ACTOR
CONSOLE_RIGHTS = console.CONSOLE_RIGHTS
UNFOLD = console.UNFOLD
