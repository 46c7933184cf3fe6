"""Word lists of English that the title rules read. Nouns and names come from the evidence instead."""


def word_set(words: str) -> frozenset[str]:
    """The words of a space-separated list."""
    return frozenset(words.split())


# Base forms that open a request. Nouns that are also verbs are here on purpose: position decides which is meant.
VERBS = word_set(
    """
    accept access activate add adjust aggregate align allocate allow alter amend announce annotate answer appear apply
    appoint approve archive arrange ask assign attach authorise authorize automate avoid back ban batch begin block book
    borrow break bring broadcast browse build bulk buy calculate call cancel capture carry categorize change charge
    chase check choose claim clean clear click clock clone close code collapse collect color colour combine come comment
    compare complain complete compute configure confirm connect consolidate contact contest continue control convert
    cook copy correct count cover create credit customise customize cut deactivate decide decline decrease deduct
    default define delay delegate delete deliver deny deposit describe design detect determine disable discard
    disconnect discover dispatch display dispute distinguish distribute divide do donate download draft drag drive drop
    duplicate edit eliminate email embed enable encrypt end enforce enroll ensure enter erase escalate estimate evaluate
    examine exchange exclude expand expire explain export extend extract fail favorite fetch figure fill filter find
    finish fire fix flag flip follow force forget format forward free freeze generate get give go grant group grow guess
    guide hand handle have hear help hide highlight hire hold identify ignore implement import improve include increase
    inform initiate insert inspect install integrate introduce investigate invite invoice issue join jump keep know
    label launch learn leave lend let limit link list listen load locate lock log look lose lower mail maintain make
    manage map mark match measure meet mention merge message migrate minimize modify monitor move multiply mute name
    navigate negotiate nominate note notify offer omit open opt order organise organize outline overrule override own
    paste pause pay perform permit phone pick pin place plan play point poll populate post postpone predict prefer
    prepare preserve press prevent preview print prioritize process produce program project promote propose protect
    prove provide publish pull punch purchase push put query queue quit raise rate reach reactivate read rearrange
    receive recommend reconcile record recover recur redeem redirect redo reduce refer refill refresh refund refuse
    register reinstate reject relate release reload remember remind remove rename renew rent reopen reorder repair
    repeat replace reply report reprint request require reschedule reserve reset resize resolve respond restart restore
    restrict resume retain retrieve return reuse reverse revert review revise revoke ring roll roster rotate round route
    run save say scan schedule score screen scroll search secure see select sell send separate serve set settle share
    ship shorten show shuffle sign simplify skip snooze sort spell spend split spot stack stamp star start state stay
    stop store stream submit subscribe subtract suggest support suspend swap switch sync synchronise synchronize tag
    take talk target teach tell test text tick tie time toggle total track trade train transfer transition translate
    trigger trim trust try turn tweak type understand undo unfreeze unlink unlock unpublish unsubscribe update upgrade
    upload use utilize validate verify view visit void wait wake walk warn wash watch weigh whisper withdraw work worry
    write zoom
    """
)

# Verbs that say little about the job by themselves: a stronger one is preferred where the evidence has it.
WEAK_VERBS = word_set(
    """
    appear ask be begin come complain do explain fail figure forget get give go guess have hear help keep know learn let
    like listen look make mean mention need own please provide put say see start stay talk tell think try understand use
    wait want wish wonder work worry write
    """
)

ARTICLES = word_set("a an the")
POSSESSIVES = word_set("my our your")
OTHER_POSSESSIVES = word_set("his her its their")
FIRST_PERSON = word_set(
    """
    i i'm i'd i'll i've im ive we we're we'd we'll we've me us mine ours myself ourselves you you're you'd you'll you've
    yours yourself u ur ya
    """
)
# Point at something outside the phrase, so a title that has one cannot be read alone.
POINTERS = word_set(
    """
    it it's its he she him they them they're this that these those there here one's such same his her hers theirs
    """
)
PREPOSITIONS = word_set(
    """
    about above across after against along among around as at before behind below beside between beyond by down during
    except for from in inside into like near of off on onto out over past per since than through throughout till to
    toward towards under until up upon via with within without
    """
)
# A word that may begin a new clause: a phrase may be cut before it, never after.
CLAUSE_OPENERS = word_set(
    """
    and although because but cause either except however if nor once or otherwise plus rather so since that then though
    unless until what when whenever where whereas whether which while who whom whose why
    """
)
QUESTION_WORDS = word_set("how what when where which who whose why")
AUXILIARIES = word_set(
    """
    am are aren't be been being can can't cannot could couldn't did didn't do does doesn't don't had hadn't has hasn't
    have haven't is isn't may might must shall should shouldn't was wasn't were weren't will won't would wouldn't what's
    that's there's it's who's where's how's
    """
)
# What a phrase loses at either end.
FILLERS = word_set(
    """
    actually again ahead already also altogether always anyhow anymore anyway asap basically currently either else even
    ever finally hello hey hi honestly immediately instead just kindly lol maybe mostly much myself now obviously ok
    okay only perhaps please pls plz possibly presently quickly quite really right seriously simply somehow still sorry
    soon suddenly thank thanks then though thx today tomorrow tonight too very well yes yesterday yet
    """
)
DEGREE_WORDS = word_set(
    "a an the all any both each either every few less many more most much no not only other own some several such very"
)
# What can close a phrase with its verb: "log in", "clock out", "sign up".
PARTICLES = word_set("in out up off on down over back away")
PARTICLE_VERBS = word_set(
    """
    back bring call carry check clean clear clock close come cut drop fill find get give go hand hold keep lock log look
    move opt pick print pull punch put read roll run send set share shut sign sort split start stamp stop swap switch
    take track try turn write
    """
)

# The words by which English is known. Hardly any of them is a common word of another language in Latin script.
ENGLISH_MARKERS = word_set(
    """
    about and are be been by can cannot can't could did do does doesn't don't for from get had has have how i i'd i'm
    i've if is isn't it it's its just like me my need not of on or our please should so that that's the their them then
    there they this to us was we what what's when where which who will with would you your
    because every i'll into only some there's these they're those we'd we'll we're we've won't wouldn't you're
    """
)

STOPWORDS = (
    ARTICLES
    | POSSESSIVES
    | OTHER_POSSESSIVES
    | FIRST_PERSON
    | POINTERS
    | PREPOSITIONS
    | CLAUSE_OPENERS
    | QUESTION_WORDS
    | AUXILIARIES
    | FILLERS
    | DEGREE_WORDS
    | ENGLISH_MARKERS
)

# Words of German, French, Spanish, Italian, Portuguese and Dutch that no sentence ends on.
OPEN_ENDS_ABROAD = word_set(
    """
    aber als am an auf aus bei bis dass dem den der des die durch ein eine einem einen einer eines für gegen im in ins
    mit nach oder ohne sowie um und unser unsere vom von vor weil wenn wie zu zum zur über
    au aux avec ce ces cette chez comme dans de des donc du en est et la le les leur leurs mais nos notre ou par pour
    que quand qui sans ses son sur un une à
    al como con cuando de del desde e el ella en es la las los mi mis más nuestra nuestro o para pero por porque que se
    si sin sobre su sus un una uno y
    alla che con da dal degli dei del della delle di e gli i il lo nei nel nella o per tra
    ao aos as com da das do dos em mas na nas no nos não os ou pela pelo sem seu sua um uma
    door een en het in met naar of om ons onze op te tot uit van voor
    """
)

# Capitalised in English and yet nobody's name.
PROPER_ADJECTIVES = word_set(
    """
    monday tuesday wednesday thursday friday saturday sunday january february april june july september october
    november december english french german spanish italian portuguese polish dutch swedish danish norwegian finnish
    ukrainian russian turkish arabic chinese japanese korean hindi romanian bulgarian czech hungarian greek hebrew
    vietnamese thai european american british christmas easter
    """
)
