"""The patterns by which the cue rules find a wish in lower-case English."""

import re

from insights.engine.wording.lexicon import VERBS, word_set

_WHO = r"(?:i|we|you|u|they|one|people|someone|somebody|staff|employees|managers|users|everyone|nobody|anyone|no\ one)"
_ADVERBS = (
    r"(?:(?:also|all|both|each|easily|quickly|please|just|still|simply|actually|even|ever|not|possibly|maybe|then)\ )*"
)
_PRAISE = r"(?:great|nice|good|helpful|lovely|useful|better|best|ideal|grateful|wonderful|perfect|handy)"
_KNOWN_VERB = "(?:" + "|".join(sorted(VERBS)) + ")"

# Before the verb of what is wanted. A named group is who is to do it.
WISH = re.compile(
    rf"""\b(?:
      (?:want(?:s|ed|ing)?|need(?:s|ed|ing)?|like|love|prefer|hop(?:e|es|ing)|wish(?:es)?|try(?:ing)?|tries|looking)
        \ (?P<wanted>(?:[\w'-]+\ ){{0,4}}?)to
    | (?:able|unable|ability|option|possibility|possible|impossible|chance|button|feature|function|ways?|steps|easier
        |easy|hard|difficult|instructions|method|procedure|process|right|tool|setting|permission)
        \ (?:for\ (?P<for>(?:[\w'-]+\ ){{1,4}}?))?to
    | (?:allow(?:s|ing)?|enable|enabling|permit|letting\ me|help(?:s|ing)?)\ (?P<allowed>(?:[\w'-]+\ ){{0,4}}?)to
    | how\ to
    | (?:how|where)\ (?:can|could|do|would|should|might|may)\ (?:i|we|you|u|one)(?:\ go\ (?:about|and|ahead\ and))?
    | (?:let|lets|letting)\ (?:me|us|them)
    | (?:can|could)\ (?P<subject>(?:my|our|the|each|every|all)(?:\ [\w'-]+){{1,2}}?)(?=\ {_KNOWN_VERB}\b)
    | (?:if|so|that|where|whether|when|until)\ {_WHO}\ (?:could|can)
    | (?:can|could|can't|may|should)\ {_WHO}
    | please|kindly|pls|plz
    | help\ (?:me|us)
    | {_PRAISE}\ to
    | go\ ahead\ and
    )\ {_ADVERBS}""",
    re.VERBOSE,
)
ABILITY = re.compile(
    rf"""\b(?:(?:i|we|you|one)\ (?:can|could)
    |(?:{_WHO}\ )?(?:can't|cannot|can\ not|couldn't|won't\ let\ (?:me|us|them)))\ {_ADVERBS}""",
    re.VERBOSE,
)
# What others do may be the very trouble: "they can clock in from bed".
REPORT = re.compile(
    r"\b(?:they|people|staff|employees|managers|users|workers)\ (?:can|could|should|must|may)\ ", re.VERBOSE
)
DUTY = re.compile(
    r"""\b(?:should|must|has\ to|have\ to|needs\ to|need\ to|ought\ to|can't|cannot|can\ not|could)
    \ (?:(?:also|only|just|not|at\ least)\ )*(?=[a-z])""",
    re.VERBOSE,
)
NO_DUTY = re.compile(r"\b(?:can|can't|cannot|could|not)\b")
GERUND = re.compile(
    r"""\b(?:ways?\ of|means\ of|trouble|difficulty|problems?\ with|issues?\ with|help(?:\ me|\ us)?\ with
    |process\ (?:of|for)|steps\ (?:of|for)|interested\ in|option\ (?:of|for)|support\ for|procedure\ for
    |thinking\ (?:of|about)|help\ me|assistance\ (?:with|in)|keep|information\ on|questions?\ about|about)
    \ (?=[a-z]+ing\b)""",
    re.VERBOSE,
)

# Before a thing that is wanted.
THING = re.compile(
    rf"""\b(?:(?:need|want)(?:s|ed)?|would\ like|'d\ like|would\ love|'d\ love|requires?|looking\ for|waiting\ for
    |missing|lacks?|is\ there|are\ there|do\ you\ (?:have|offer|support)|(?:can|could)\ (?:i|we)\ (?:have|get)
    |give\ (?:me|us)|there\ is\ no|there's\ no|have\ no|has\ no|hoping\ for|ask(?:s|ing)?\ for|wish(?:es)?\ for
    |get\ (?:me|us)|{_PRAISE}\ to\ have)\ (?:is\ )?(?!to\b)""",
    re.VERBOSE,
)
ABSENT = re.compile(r"\b(?:missing|lacks?|no|support|have) $")
POLITE_END = re.compile(
    rf"""^(.*?),?\ (?:please|pls|plz|(?:would|will|might)\ be\ (?:so\ |very\ |really\ )?{_PRAISE}
    |needed|wanted|missing)\b""",
    re.VERBOSE,
)

# Before what someone wants to know.
LOOKUP = re.compile(
    r"""(?:^|\b(?:tell\ (?:me|us)|let\ me\ know|know|see|find\ out|show\ me|check|explain|wonder(?:ing)?|you\ have)\ )
    (?:(?:what|who|where|when)(?:'s|\ is|\ are|\ was|\ were|s)|(?:which|what)\ (?=\w+\ (?:is|are)\b)
    |how(?:'s|\ is|\ are))\ """,
    re.VERBOSE,
)
SHOW = re.compile(r"\b(?:tell|show) (?:me|us) (?:about )?(?=(?:the|my|our|your|all|a|an|more)\b)")
TOPIC = re.compile(
    r"""\b(?:about|regarding|concerning|status\ of|update\ on|information\ on|details\ (?:of|on|for))\ (?!to\b)""",
    re.VERBOSE,
)

# What bars a cue.
ASKS_FOR_OBJECT = re.compile(r"\b(?:what|which|who|how (?:much|many|long|often|far))\b(?: \w+)?\s*$")
LIMIT = re.compile(r"\bonly\b")

OPENING_FILLER = re.compile(
    r"""^(?:(?:hi|hello|hey|please|pls|kindly|ok|okay|so|and|also|but|just|now|well|oh|then|yes|no|next|feature\ idea
    |feature\ request|request|idea|suggestion)[\s,:-]+)+""",
    re.VERBOSE,
)
# Where a sentence turns to something else. Colons and dashes already divide sentences.
STOP = re.compile(r"[,;:()\[\]?!…]|\.(?:\s|$)|\s[-–—]\s|\s/\s")

# Wishes of the passive voice that are the customer's own: "to be told when".
TOLD = word_set("alerted informed notified paid reminded told warned")
PRODUCT = word_set(
    "app application it page platform program programme product screen site software system terminal tool website"
)
MEANS = word_set(
    """
    ability button chance feature function functionality instructions method option permission possibility procedure
    process setting shortcut step steps way ways
    """
)
OTHERS = word_set("they he she people staff who that which nobody everyone employees managers users workers")
# Verbs that in a subject line are as likely nouns: "Leave by the hour".
NOUN_VERBS = word_set(
    """
    access block book break call change check clock cover credit delay draft edit export fire fix group guide hold
    import issue label leave limit link list load lock look mail map mark match message name note offer open order own
    pay phone plan point print process program project punch query rate record report request return review ring
    roster rotate schedule score screen search set shift show stamp state stay store supply support swap switch tag
    target test text time track trade train transfer type update upgrade use view visit walk warn watch work
    """
)
# Participles that no ending gives away.
IRREGULAR = {
    "done": "do",
    "drawn": "draw",
    "found": "find",
    "given": "give",
    "held": "hold",
    "kept": "keep",
    "made": "make",
    "paid": "pay",
    "put": "put",
    "seen": "see",
    "sent": "send",
    "set": "set",
    "shown": "show",
    "split": "split",
    "taken": "take",
    "told": "tell",
    "undone": "undo",
    "written": "write",
}
