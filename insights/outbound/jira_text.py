"""What Heard writes into Jira: texts from templates, documents, remote links."""

import re
from collections.abc import Collection, Mapping
from typing import Any

PLACEHOLDERS = (
    "key",
    "title",
    "job_statement",
    "status",
    "rank",
    "score",
    "currency",
    "customers",
    "revenue_at_risk",
    "url",
)
TOKEN = re.compile(r"\{([^{}]*)\}")
# What Jira's wiki text would take for a macro, a link or mention, an image, a table.
WIKI = re.compile(r"([{}\[\]!|\\])")
SUMMARY_CHARACTERS = 255
# Jira refuses texts of more than 32,767 characters.
DESCRIPTION_CHARACTERS = 32_000


def unknown_placeholders(template: str) -> list[str]:
    """Names in braces that stand for nothing, as they are written."""
    return [name for name in TOKEN.findall(template) if name not in PLACEHOLDERS]


def summary_of(template: str, values: Mapping[str, str]) -> str:
    """One line of at most 255 characters."""
    text = " ".join(filled(template, values).split())
    return text if len(text) <= SUMMARY_CHARACTERS else text[: SUMMARY_CHARACTERS - 1].rstrip() + "…"


def filled(template: str, values: Mapping[str, str]) -> str:
    """A template with its values. A brace within a value stays a brace."""
    return TOKEN.sub(lambda match: values.get(match[1], match[0]), template)


def wiki_of(template: str, values: Mapping[str, str]) -> str:
    """The description for Data Center: wiki text, in which values are words and nothing else."""
    plain = {name: value if name == "url" else WIKI.sub(r"\\\1", value) for name, value in values.items()}
    return filled(template, plain)[:DESCRIPTION_CHARACTERS]


def document_of(template: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The description for Cloud: an Atlassian document, a paragraph for each block of lines."""
    text = filled(template, values)[:DESCRIPTION_CHARACTERS]
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n"))]
    link = values.get("url", "")
    return {"type": "doc", "version": 1, "content": [_paragraph(block, link) for block in blocks if block]}


def _paragraph(block: str, link: str) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    for line in block.split("\n"):
        if content:
            content.append({"type": "hardBreak"})
        content += _texts(line.strip(), link)
    return {"type": "paragraph", "content": content}


def _texts(line: str, link: str) -> list[dict[str, Any]]:
    """The words of a line; the address of the problem can be clicked. An empty text is not allowed."""
    parts = re.split(f"({re.escape(link)})", line) if link else [line]
    return [
        {"type": "text", "text": part, "marks": [{"type": "link", "attrs": {"href": link}}]}
        if part == link
        else {"type": "text", "text": part}
        for part in parts
        if part
    ]


def remote_link_of(global_id: str, values: Mapping[str, str], *, resolved: bool) -> dict[str, Any]:
    """The link back to the problem, as Jira shows it on the issue."""
    place = f"Rank {values['rank']}" if values["rank"] else "Not ranked"
    money = f"{values['score']} {values['currency']}".strip()
    at_risk = f"{values['revenue_at_risk']} {values['currency']}".strip()
    return {
        "globalId": global_id,
        "application": {"type": "heard", "name": "Heard"},
        "relationship": "asked for by customers",
        "object": {
            "url": values["url"],
            "title": f"{values['key']} {values['title']}"[:SUMMARY_CHARACTERS],
            "summary": f"{place} · score {money} · customers {values['customers']} · revenue at risk {at_risk}",
            "status": {"resolved": resolved},
        },
    }


def listed(names: Collection[str]) -> str:
    """Placeholders as they are written in a template."""
    return ", ".join(f"{{{name}}}" for name in names)
