"""Personal data out, stable tokens in, before anything else reads a text.

Every pattern is checked by a validator where the data has one (Luhn for cards, modulo 97 for IBANs, numbering plans
for phones), so that order numbers and versions stay readable.
"""

import ipaddress
import re
from collections.abc import Iterable

import phonenumbers

# Runs are taken whole (`(?<!…)`, `++`) and never tried again from their middle: a text of a megabyte takes no longer
# per character than a short one.
EMAIL = re.compile(r"(?<![\w.+%'-])('*+)[\w.+%-][\w.+%'-]*+@[\w-]+(?:\.[\w-]+)+")
URL_SECRET = re.compile(
    r"((?:api[_-]?key|token|secret|password|passwd|pwd|signature|sig|code)=)[^\s&#\"'<>]+", re.IGNORECASE
)
URL_LOGIN = re.compile(r"(://)[^\s/@:]+:[^\s/@]+@")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
DIGIT_GROUPS = re.compile(r"\b\d++\b(?:[ -]\d++\b)*+")
CARD_DIGITS = range(13, 20)
IPV4 = r"\d{1,3}(?:\.\d{1,3}){3}"
IP = re.compile(
    rf"(?<![\w.:])(?:[0-9a-f]{{0,4}}:){{2,7}}(?:{IPV4}|[0-9a-f]{{0,4}})(?![\w:]|\.\d)|(?<![\w.]){IPV4}(?!\w|\.\d)",
    re.IGNORECASE,
)
PHONE_REGIONS = (None, "US", "GB")
SHORTEST_NAME = 3
TOKENS = ("card", "email", "iban", "ip", "name", "phone", "secret")


def redact(text: str, *, names: Iterable[str] = ()) -> str:
    """The text with personal data replaced by tokens such as `[email]`.

    `names` are people known to be in the text, such as its author: each is replaced as a whole and word by word.
    """
    found = ""
    # A token may lay bare what stood too close to be told apart: look again until nothing more is found.
    names = list(names)
    while found != text:
        found, text = text, _redact(text, names)
    return text


def _redact(text: str, names: list[str]) -> str:
    text = URL_LOGIN.sub(r"\1[secret]@", text)
    text = URL_SECRET.sub(r"\1[secret]", text)
    text = EMAIL.sub(r"\1[email]", text)
    text = IBAN.sub(_without_iban, text)
    text = DIGIT_GROUPS.sub(_without_cards, text)
    text = IP.sub(lambda match: "[ip]" if _is_ip(match[0]) else match[0], text)
    text = _without_phones(text)
    for name in names:
        text = _without_name(text, name)
    return text


def _without_iban(match: re.Match[str]) -> str:
    """Words in capitals may follow an IBAN and look like its last groups: try without them, too."""
    candidate = match[0]
    while candidate and not _is_iban(candidate):
        candidate = candidate.rpartition(" ")[0]
    return f"[iban]{match[0][len(candidate) :]}" if candidate else match[0]


def _without_cards(match: re.Match[str]) -> str:
    """Other numbers may stand beside a card: look for one at every group of digits, the longest first."""
    run = match[0]
    groups = list(re.finditer(r"\d+", run))
    kept: list[str] = []
    copied = at = 0
    while at < len(groups):
        last = _card_end(groups, at)
        if last is None:
            at += 1
            continue
        kept += [run[copied : groups[at].start()], "[card]"]
        copied = groups[last].end()
        at = last + 1
    return "".join([*kept, run[copied:]])


def _card_end(groups: list[re.Match[str]], first: int) -> int | None:
    """The last group of the longest card that begins at a group. Groups of one or two digits only end a card."""
    digits = ""
    end: int | None = None
    for at in range(first, len(groups)):
        digits += groups[at][0]
        if len(digits) in CARD_DIGITS and _is_card(digits):
            end = at
        if len(digits) >= CARD_DIGITS[-1] or len(groups[at][0]) < 3:
            break
    return end


def _is_iban(candidate: str) -> bool:
    compact = candidate.replace(" ", "")
    digits = "".join(str(int(character, 36)) for character in compact[4:] + compact[:4])
    return 15 <= len(compact) <= 34 and int(digits) % 97 == 1


def _is_card(candidate: str) -> bool:
    digits = [int(character) for character in reversed(candidate) if character.isdigit()]
    doubled = [digit if at % 2 == 0 else sum(divmod(2 * digit, 10)) for at, digit in enumerate(digits)]
    return sum(doubled) % 10 == 0 and len(set(digits)) > 1


def _is_ip(candidate: str) -> bool:
    try:
        address = ipaddress.ip_address(candidate)
    except ValueError:
        return False
    # "::" is punctuation far more often than it is an address.
    return not address.is_unspecified


def _without_phones(text: str) -> str:
    if sum(character.isdigit() for character in text) < 7:
        return text
    for region in PHONE_REGIONS:
        # Written with a plus, any possible number is meant as one; without, only one of the numbering plan is.
        leniency = phonenumbers.Leniency.POSSIBLE if region is None else phonenumbers.Leniency.VALID
        matches = list(phonenumbers.PhoneNumberMatcher(text, region, leniency=leniency))
        for match in reversed(matches):
            # Without a plus or a separator, seven digits are as likely an order number.
            if region is None or re.search(r"\d[\s().-]+\d", match.raw_string):
                text = f"{text[: match.start]}[phone]{text[match.end :]}"
    return text


def _without_name(text: str, name: str) -> str:
    words = [word for word in re.findall(r"\w+", name) if len(word) >= SHORTEST_NAME and word not in TOKENS]
    whole = name.strip()
    for part in (re.escape(whole), *words):
        if part and whole not in TOKENS:
            text = re.sub(rf"\b{part}\b", "[name]", text)
    return re.sub(r"\[name\](?:\s+\[name\])+", "[name]", text)
