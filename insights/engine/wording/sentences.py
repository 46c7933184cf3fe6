"""What a message says, sentence by sentence: without its greeting, signature, quoted replies and list marks."""

import re
from dataclasses import dataclass

from insights.engine.wording.lexicon import ENGLISH_MARKERS

WORD = re.compile(r"[^\W_]+(?:['’\-/&][^\W_]+)*", re.UNICODE)

_HELLO = r"""(?:hi|hello|hey|hiya|dear|greetings|howdy|good\s+(?:morning|afternoon|evening|day)|bonjour|salut|hola
    |buenos\s+d[ií]as|guten\s+(?:tag|morgen)|hallo|moin|sehr\s+geehrte[rs]?|liebe[rs]?|ch(?:er|ère)s?|estimad[oa]s?
    |goedemiddag|goedemorgen|dzie[nń]\s+dobry|ciao|buongiorno|ol[áa]|hei|hej)\b"""
# Only a capital makes a name of the words that follow: "Hello please add filters." is more than a greeting.
_GREETING = re.compile(
    rf"""^(?:{_HELLO}
    (?:[ ]+(?:there|all|everyone|team|folks|support|again|dear|und|(?-i:[A-ZÀ-ÞŁŚŻ\[])[\w\].'-]*)){{0,5}}
    [ ]*(?:[,!.:;–-]+[ ]*|$)|{_HELLO}[ ]+\w+[ ]*[,!]+[ ]*)""",
    re.IGNORECASE | re.VERBOSE,
)
_SIGN_OFF = re.compile(
    r"""^(?:(?:many\s+|much\s+)?thanks?(?:\s+(?:you|again|so\s+much|a\s+lot|in\s+advance))*|thx|ta|cheers
    |(?:with\s+)?(?:best|kind|warm|many)(?:\s+(?:regards|wishes))?|regards|sincerely|yours(?:\s+\w+)?|br|mfg
    |viele\s+gr[üu](?:ß|ss)e|(?:mit\s+freundlichen\s+|liebe\s+)gr[üu](?:ß|ss)en?|cordialement|saludos|pozdrawiam
    |sent\s+from\s+my\b.*|--+|__+)[ ]*[,.!–-]*[ ]*(?:[A-Z\[]\S*(?:\s+\S+){0,3})?$""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTED = re.compile(r"^(?:>|On\b.{5,80}\bwrote:$|-+\s*Original Message|(?:From|Sent|To|Cc|Subject):\s)", re.IGNORECASE)
_REPLY_MARK = re.compile(r"^(?:(?:re|fw|fwd|aw|wg|sv)\s*:\s*)+", re.IGNORECASE)
_LIST_MARK = re.compile(r"^(?:[-*•·–—]+|\(?\d{1,2}[.)]|\(?[a-z][)])\s+")
# A longer line is no signature, and is not worth a search for one.
_LONGEST_SIGN_OFF = 120
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|approx|no|mr|mrs|ms|dr|st|vs|incl|min|max|hrs)\.$", re.IGNORECASE)
_BREAK = re.compile(r"(?<=[.!?…])[\"”')\]]*\s+|(?<=[;:])\s+|\s+[–—-]+\s+|\s*[|•]\s*|[()]|\s*→\s*")


@dataclass(frozen=True)
class Sentence:
    """One sentence without its final mark."""

    text: str
    is_question: bool = False
    is_subject: bool = False


def sentences(text: str) -> list[Sentence]:
    """The sentences of `text` in order; a short first line of several is taken for the subject line."""
    # Runs of blanks become one: the patterns below would try every way to divide them.
    lines = [" ".join(line.split()) for line in text.replace("’", "'").replace("\r", "").split("\n")]
    found: list[Sentence] = []
    if len(lines) > 1 and 0 < len(lines[0].split()) <= 12 and not _GREETING.match(lines[0]):
        subject = _REPLY_MARK.sub("", lines.pop(0))
        found += [Sentence(part.text, part.is_question, is_subject=True) for part in _split(subject)]
    for paragraph in _paragraphs(lines, has_subject=bool(found)):
        found += _split(_GREETING.sub("", paragraph))
    return found


def is_english(text: str) -> bool | None:
    """Whether the function words of `text` are English ones; None where there is too little to tell."""
    words = [word.lower() for word in WORD.findall(text.replace("’", "'"))]
    if not words:
        return None
    share = sum(word in ENGLISH_MARKERS for word in words) / len(words)
    if len(words) < 5:
        return True if share >= 0.25 else None
    # A note in haste leaves the small words out.
    return None if 0 < share < 0.15 and len(words) < 10 else share >= 0.15


def _paragraphs(lines: list[str], *, has_subject: bool) -> list[str]:
    """Lines up to the signature, hard-wrapped ones joined again."""
    paragraphs: list[str] = []
    for index, line in enumerate(lines):
        if _is_sign_off(line) and (index > 0 or has_subject or len(lines) == 1) and len(lines) - index <= 8:
            break
        if not line or _QUOTED.match(line):
            paragraphs.append("")
        elif paragraphs and paragraphs[-1] and len(lines[index - 1]) > 50 and line[0].islower():
            paragraphs[-1] += f" {line}"
        else:
            paragraphs.append(_LIST_MARK.sub("", line))
    return [paragraph for paragraph in paragraphs if paragraph]


def _split(paragraph: str) -> list[Sentence]:
    parts: list[str] = []
    for part in _BREAK.split(paragraph):
        if parts and _ABBREVIATION.search(parts[-1][-10:]):
            parts[-1] += f" {part}"
        elif part and part.strip():
            parts.append(part)
    return [
        Sentence(stripped, is_question="?" in part[-3:])
        for part in parts
        if (stripped := part.strip(" \t\"'“”‘„«».,!?;:…*_#-–—")) and not _is_sign_off(part.strip())
    ]


def _is_sign_off(line: str) -> bool:
    return len(line) <= _LONGEST_SIGN_OFF and _SIGN_OFF.match(line) is not None
