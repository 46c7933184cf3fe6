"""Where Chromium is and how it is started: without a sandbox, a card or anything of its own on the network."""

import shutil

from tests.lanes import CHROMIUM

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str:
    """The program. The browser lane runs only where there is one."""
    return next(found for name in CHROMIUM if (found := shutil.which(name)))
