"""The patterns by which complaints are told, in lower-case English."""

import re

from insights.engine.wording.lexicon import word_set
from insights.engine.wording.patterns import ADVERBS, KNOWN_VERB, PRAISE

_VERY = r"""(?:(?:also|always|often|just|still|really|so|too|very|extremely|painfully|awfully|terribly|incredibly|now
|again|completely|totally|constantly|sometimes|randomly|suddenly|all|the|time|simply|far|a|bit|quite|not|even)\ )*"""
BROKEN = re.compile(
    rf"""\ (?:(?:is|are|was|were|seems?|seem\ to\ be|has\ been|got|gets)\ {_VERY}
    (?:empty|blank|broken|buggy|unusable|unreliable|flaky|wrong|incorrect|messed\ up|useless|down)
    |(?:does|do|did|is|are)(?:n't|\ not)\ {_VERY}work(?:ing)?|stop(?:s|ped)?\ working|no\ longer\ works?|never\ works?
    |not\ working)\b""",
    re.VERBOSE,
)
MALFUNCTION = re.compile(
    rf"""(?:^|\ )(?:(?:has|have|had|is|are|was|were)\ )?{_VERY}
    (?P<verb>crash(?:es|ed|ing)?|drop(?:s|ped|ping)|stall(?:s|ed|ing)|freez(?:es|e|ing)|froze
    |hang(?:s|ing)?|hung|fail(?:s|ed|ing)?|disappear(?:s|ed|ing)?|vanish(?:es|ed|ing)?
    |flicker(?:s|ed|ing)?|(?:times?|timed|timing)(?=\ out)
    |(?:cuts?|cutting)(?=\ out)
    |(?:logs?|logged|logging|kicks?|kicked)(?=\ (?:me|us|people|everyone|you)?\ ?out))(?:\ (?P<particle>out))?\b""",
    re.VERBOSE,
)
DOES_NOT = re.compile(rf"\ (?:doesn't|does\ not|won't|will\ not)\ {_VERY}(?=[a-z])", re.VERBOSE)
KEEPS = re.compile(r"\ (?:keeps?|kept) (?:on )?(?=[a-z]+ing\b)")
SLOW = re.compile(
    rf"""(?:(?<=\ )|^)(?:(?:is|are|was|were|has\ become|have\ become|becomes?|gets?|feels?|'s)\ {_VERY}
    (?:slow|sluggish|laggy|slower)\b
    |takes?\ {_VERY}(?:forever|ages|long|(?:\w+\ )?(?:seconds|minutes|hours))(?P<task>\ to)?\b)""",
    re.VERBOSE,
)
OTHERS_CANNOT = re.compile(
    rf"""\ (?:can't|cannot|can\ not|couldn't|could\ not|(?:should|must)\ (?:also\ )?be\ able\ to
    |(?:is|are)\ (?:not\ able|unable)\ to|need(?:s)?\ to\ be\ able\ to|needs?\ to(?=\ be\b)
    |(?P<wants>(?:want|would\ like|need|ask|have\ asked|wish|love)\ to))\ {ADVERBS}""",
    re.VERBOSE,
)
IT_SHOULD = re.compile(rf"(?:^|\ )(?:it\ )?(?:should|must|needs\ to|has\ to|ought\ to)\ {ADVERBS}(?!not\b)", re.VERBOSE)
MUST_NOT = re.compile(
    r"""\ (?:should(?:n't|\ not|\ never)|must(?:n't|\ not|\ never)|may\ not|ought\ not\ to)
    \ (?:be\ (?:able|allowed)\ to\ )?(?!be\b)(?=[a-z])""",
    re.VERBOSE,
)
NOT_DONE = re.compile(
    r"""\ (?:(?:is|are)(?:n't|\ not|\ never)(?:\ being)?|(?:doesn't|don't|never|does\ not|do\ not)\ gets?
    |needs?\ to\ be)\ (?:always|even|all|ever)?\ ?(?=[a-z]+\b)""",
    re.VERBOSE,
)
WANTED_DONE = re.compile(
    r"""\b(?:want|need|like|love|prefer)\ (?P<thing>(?:the|a|an|all|our|my|every|each|its|new|any)\ (?:[\w'-]+\ ){1,4}?)
    (?:to\ (?:be|get)\ )?(?P<verb>\w+ed|sent|shown|put|split|kept|paid|hidden)\b""",
    re.VERBOSE,
)
IF_DONE = re.compile(
    rf"""\b(?:{PRAISE}|helps?|appreciate\ it|love\ it)\ if\ (?P<thing>(?:[\w'-]+\ ){{1,4}}?)
    (?:was|were|got|could\ be)\ (?P<verb>\w+ed|sent|shown|put|split|kept|paid)\b""",
    re.VERBOSE,
)
MISSING = re.compile(
    r"""\ (?:(?:is|are)\ )?(?:not\ (?:yet\ )?(?:supported|available|possible|implemented|included)|missing)\b
    |\ (?:is|are)n't\ (?:supported|available|possible|implemented|included)\b""",
    re.VERBOSE,
)
BY_HAND = re.compile(
    r"\ (?:by hand|manually|(?P<each>one by one|one at a time|individually|one after (?:another|the other)))\b"
)
SPEAKER_DOES = re.compile(
    r"\b(?:i|we|they|people|staff|managers?|someone|he|she)(?:'ve| have| had| must| need| always| still| currently)*"
    r"(?: got)?(?: to)? (?=[a-z])|\b(?:have|has|had|need|needs) to "
)
NOT_TOLD = re.compile(
    r"""\b(?:nobody|no\ one|noone|not|never|isn't|aren't|don't|doesn't|hardly\ anyone)
    \ (?:(?:gets?|is|are|was|were|being)\ )*(?:told|notified|informed|warned|alerted|reminded)
    \ (?P<when>when|that|of|about|before|if)\b""",
    re.VERBOSE,
)
NOT_GOT = re.compile(
    r"""\ (?:don't|doesn't|do\ not|does\ not|didn't|no\ longer|never|stopped|aren't|not)
    \ (?:even\ |ever\ |actually\ |always\ )?(?P<verb>get|gets|getting|got|receive[sd]?|receiving|see|know)\ """,
    re.VERBOSE,
)
PERSONS = word_set(
    """
    accountant admin admins agent agents boss client clients colleague colleagues customer customers driver drivers
    employee employees guest guests manager managers member members nobody patient patients people person receptionist
    reception staff supervisor supervisors team teams tenant tenants user users worker workers
    """
)
OTHERS_COULD = re.compile(
    rf"\b(?:where|if) (?=(?:[\w'-]+ ){{1,4}}?(?:can|could) )(?P<who>(?:[\w'-]+ ){{1,4}}?)(?:can|could) {ADVERBS}"
)
SPENDING = re.compile(r"\b(?:spen[dt]|spends|spending|waste|wastes|wasted|wasting) (?:[\w']+ ){1,6}?(?=[a-z]+ing\b)")
# Before the subject of what goes wrong then: "when I upload a photo the page freezes".
LEADING_OCCASION = re.compile(
    r"""\b(?:every\ time|each\ time|when|whenever|if|as\ soon\ as|once)\ (?:i|we|you|u|someone|people|they)
    \ (?:try\ to\ |want\ to\ )?(?P<verb>[a-z]+)\b(?P<rest>(?:\ [\w'-]+){0,5}?),?
    \ (?P<subject>it|everything|(?:the|our|my)(?:\ [\w'-]+){1,3})$""",
    re.VERBOSE,
)
CAN_OTHERS = re.compile(
    rf"^(?:\W*(?:and|but|so|also|please)\W+)?(?:can|could)\ (?P<who>(?:[\w'-]+\ ){{1,3}}?)(?={KNOWN_VERB}\b)",
    re.VERBOSE,
)
SHOULD_BE = re.compile(
    r"\ (?:should|must|needs?\ to|ought\ to)\ (?:also\ |always\ )?be\ (?!able\b|allowed\b)", re.VERBOSE
)
# What "should be" may be followed by, and "make" may not.
NO_ADJECTIVE = word_set("a an enough fine good great nice ok okay possible something there")
