"""Tables of `feedback`."""

from feedback.models.connections import Connection
from feedback.models.idempotency import IdempotentRequest
from feedback.models.inbound import InboundDelivery, InboundState, Withdrawn
from feedback.models.items import FeedbackItem, FeedbackOriginal, ItemState, Kind, Severity
from feedback.models.jobs import Job, JobState
from feedback.models.logged import LoggedItem
from feedback.models.mappings import MappingProfile
from feedback.models.sources import Source

__all__ = [
    "Connection",
    "FeedbackItem",
    "FeedbackOriginal",
    "IdempotentRequest",
    "InboundDelivery",
    "InboundState",
    "ItemState",
    "Job",
    "JobState",
    "Kind",
    "LoggedItem",
    "MappingProfile",
    "Severity",
    "Source",
    "Withdrawn",
]
