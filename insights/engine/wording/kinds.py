"""What a phrase was in the evidence."""

from enum import Enum


class Kind(Enum):
    """What a phrase was in the evidence; the value is how well such a phrase names a job, 1 at best."""

    WISH = 1.0
    COMMAND = 0.95
    FIX = 0.9
    ABILITY = 0.8
    THING = 0.7
    LOOKUP = 0.65
    HEADING = 0.35
    REPORT = 0.3
    FRAGMENT = 0.0
    QUESTION = -1.0
    QUOTE = -0.1


Found = tuple[Kind, list[str]]
