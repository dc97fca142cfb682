"""Settings that every environment shares. Secrets and addresses come from the environment."""

from pathlib import Path
from typing import Any

import environ

from clinic.settings import console, document, jobs, rules
from clinic.settings.speech import *

env = environ.FileAwareEnv()
RULES = rules

DEBUG = False
ALLOWED_HOSTS: list[str] = []
INSTALLED_APPS = [
    "clinic.core.site.ConsoleConfig",
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
    # A line that went silent is given up after these seconds; by itself the kernel waits minutes.
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
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
HTTP_THREADS = env.int("HTTP_THREADS", 8)  # at most, each with a connection to the database
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
SPECTACULAR_SETTINGS = document.SPECTACULAR_SETTINGS

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
# Celery closes the database connection around every task unless told to keep it; tasks leave broken
# ones themselves (clinic.core.jobs).
CELERY_DB_REUSE_MAX = 10_000
CELERY_BEAT_SCHEDULE = jobs.SCHEDULE

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
        "appointments": {"level": "INFO"},
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
