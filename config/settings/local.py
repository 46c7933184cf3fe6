"""Laptop and demo: SQLite, the file-system broker, debug pages. Never for a server that others reach."""

from config.env import env
from config.settings.base import *

DEBUG = True
SECRET_KEY = env("HEARD_SECRET_KEY", default="local-only-not-a-secret")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
