"""What `benchmark_api` and `benchmark_desk` serve: production, with a stopwatch. Never for anybody's data."""

from config.settings.production import *

ROOT_URLCONF = "config.benchmark_urls"
MIDDLEWARE = ["config.benchmark_stopwatch.stopwatch_middleware", *MIDDLEWARE]
# Nobody collects static files for it.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if CELERY_BROKER_URL.startswith(("redis", "rediss")):
    # The same Redis as the real service, whose workers must not hear of it.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        **CELERY_BROKER_TRANSPORT_OPTIONS,
        "global_keyprefix": f"{DATABASES['default']['NAME']}:",
    }
