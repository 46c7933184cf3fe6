"""Every system that feedback comes from by itself. Adding one: docs/connections.md."""

from feedback.sources.contract import System
from feedback.sources.generic import GENERIC
from feedback.sources.intercom import INTERCOM
from feedback.sources.mailbox import MAILBOX
from feedback.sources.slack import SLACK
from feedback.sources.zendesk import ZENDESK

SYSTEMS: dict[str, System] = {system.name: system for system in (ZENDESK, INTERCOM, SLACK, MAILBOX, GENERIC)}
