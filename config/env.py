"""The one reader of the process environment. Every setting that an operator may change passes here."""

from pathlib import Path

import environ

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
# Where the embedded lane keeps its database, its broker's messages and the clock's notes.
VAR_DIR = Path(env("HEARD_VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
