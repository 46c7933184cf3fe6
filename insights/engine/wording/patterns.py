"""The patterns by which the cue rules find a wish in lower-case English."""

import re

from insights.engine.wording.lexicon import VERBS, word_set

_WHO = r"(?:i|we|you|u|they|one|people|someone|somebody|staff|employees|managers|users|everyone|nobody|anyone|no\ one)"
ADVERBS = (
    r"(?:(?:also|all|both|each|easily|quickly|please|just|still|simply|actually|even|ever|not|possibly|maybe|then)\ )*"
)
PRAISE = r"(?:great|nice|good|helpful|lovely|useful|better|best|ideal|grateful|wonderful|perfect|handy)"
KNOWN_VERB = "(?:" + "|".join(sorted(VERBS)) + ")"

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
    | (?:how|where)\ (?:can|could|do|would|should|might|may)\ (?:i|we|you|u|one|they|people)
        (?:\ go\ (?:about|and|ahead\ and))?
    | (?:let|lets|letting)\ (?:me|us|them)
    | (?:can|could)\ (?P<subject>(?:my|our|the|each|every|all)(?:\ [\w'-]+){{1,2}}?)(?=\ {KNOWN_VERB}\b)
    | (?:if|so|that|where|whether|when|until)\ {_WHO}\ (?:could|can)
    | (?:can|could|can't|may|should)\ {_WHO}
    | please|kindly|pls|plz
    | help\ (?:me|us)
    | {PRAISE}\ to
    | go\ ahead\ and
    )\ {ADVERBS}""",
    re.VERBOSE,
)
ABILITY = re.compile(
    rf"""\b(?:(?:i|we|you|one)\ (?:can|could)
    |(?:{_WHO}\ )?(?:can't|cannot|can\ not|couldn't|won't\ let\ (?:me|us|them)))\ {ADVERBS}""",
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
    |give\ (?:me|us)|there\ is\ no|there's\ no|have\ no|has\ no|hoping\ for|ask(?:s|ing|ed)?\ (?:(?:me|us)\ )?for
    |wish(?:es)?\ for|get\ (?:me|us)|{PRAISE}\ to\ have|could\ (?:use|do\ with))\ (?:is\ )?(?!to\b)""",
    re.VERBOSE,
)
# "Needs violations (of both kinds) to show" is a wish to show.
THEN_TO = re.compile(r"[^,;:()]{1,60}\([^()]{1,80}\) to [a-z]")
ABSENT = re.compile(r"\b(?:missing|lacks?|no|support|have) $")
POLITE_END = re.compile(
    rf"""^(.*?),?\ (?:please|pls|plz|(?:would|will|might)\ be\ (?:so\ |very\ |really\ )?{PRAISE}(?!\ (?:to|if)\b)
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
    access alert archive block buffer bulk book break call change check clock cover credit delay draft edit export
    filter fire fix group guide hold
    import issue label leave limit link list load lock look mail map mark match message name note offer open order own
    pay phone plan point print process program project punch query rate record report request return review ring
    roster rotate schedule score screen search set shift show stamp state stay store supply support swap switch sync tag
    target test text time track trade train transfer type update upgrade use view visit walk warn watch work
    """
)

# Verbs that no noun looks like, so that what they follow is a subject.
FINITE = word_set(
    """
    appears breaks came comes contains crashes creates does doesn't don't drives exists fails freezes gets goes hangs
    happens has hasn't includes is
    isn't keeps lacks lets loses makes means needs never opens remains seems shows stays stops takes wants was wasn't
    went were weren't works won't
    """
)
NOMINAL_LINK = word_set("for in of")
IN_BULK = word_set("auto automatic batch bulk mass")
# Ways of writing that the patterns do not know.
HURRIED = re.compile(r"\b(can|couldn|don|doesn|didn|wouldn|isn|aren|hasn|haven|shouldn)(t)\b", re.IGNORECASE)
WITH = re.compile(r"\bw(?:/\s*|\s+(?=(?:my|our|the|a|all|your)\b))", re.IGNORECASE)
# What someone wants to know, and who does it: "how long will the milk keep".
MEASURE = re.compile(
    r"""\b(?P<asks>how\ (?:many|much|long|often|far|old|soon|big|late|early)(?:\ [\w-]+){0,2}?|when|why|where)
    \ (?P<aux>will|can|should|could|may|must|would)\ (?P<rest>[a-z].*)$""",
    re.VERBOSE,
)
