"""What the customers of a made-up world say: short requests, each distinct, and ways to put them."""

from itertools import product

import numpy as np

WANTED = (
    "export", "import", "filter", "schedule", "archive", "duplicate", "rename", "share", "print", "merge",
    "lock", "restore", "translate", "approve", "reassign", "compare", "preview", "bulk edit", "search", "sort",
    "delete", "subscribe to", "pin", "tag", "audit",
)  # fmt: skip
THINGS = (
    "invoices", "reports", "dashboards", "tickets", "contracts", "user accounts", "access roles", "API keys",
    "webhooks", "calendars", "time sheets", "purchase orders", "price lists", "customer records", "warehouses",
    "shipments", "e-mail templates", "surveys", "knowledge base articles", "chat transcripts", "call recordings",
    "payment methods", "tax rates", "currencies", "backups", "log files", "comments", "attachments", "photos",
    "project plans", "milestones", "checklists", "sensors", "vehicles", "work shifts", "holidays", "candidates",
    "training courses", "certificates", "support queues",
)  # fmt: skip
PLACES = (
    "from the mobile app", "by country", "for a whole team", "without an administrator", "across two workspaces",
    "in German", "at the end of the month", "by keyboard alone", "over the API", "with a screen reader",
    "for one customer only", "while offline", "as a spreadsheet", "before they are published", "by cost centre",
    "from a phone", "in dark mode", "older than a year", "with one click", "after a merger", "through single sign-on",
    "by project", "on a slow connection", "in bulk", "per department",
)  # fmt: skip
OPENERS = ("", "Please let us ", "We cannot ", "Our team needs to ", "It takes hours to ", "We would pay more to ")
CLOSERS = ("", " Thank you.")
OFF_TOPIC = (
    "What a lovely summer party that was", "I found a blue umbrella in the lobby", "Greetings from the trade fair",
    "The coffee at your office was excellent", "Our office moves to the third floor in May",
    "Happy birthday to the whole crew", "The train was late again", "Nice weather for a webinar",
)  # fmt: skip
WAYS = len(OPENERS) * len(CLOSERS)
TOPICS = len(WANTED) * len(THINGS) * len(PLACES)


def topics(count: int, generator: np.random.Generator) -> list[tuple[str, str]]:
    """Distinct requests, `TOPICS` at most, each with the thing that it is about."""
    every = list(product(WANTED, THINGS, PLACES))
    chosen = generator.permutation(len(every))[:count]
    return [(f"{every[n][0]} {every[n][1]} {every[n][2]}", every[n][1]) for n in chosen]


def said(topic: str, way: int) -> str:
    """A topic put in one of `WAYS` ways."""
    opener, closer = OPENERS[way % len(OPENERS)], CLOSERS[way // len(OPENERS)]
    text = f"{opener}{topic}."
    return f"{text[0].upper()}{text[1:]}{closer}"


def off_topic(number: int) -> str:
    """Something that fits nowhere; each number is another text."""
    return f"{OFF_TOPIC[number % len(OFF_TOPIC)]}, note {number}"
