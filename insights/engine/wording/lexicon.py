"""Word lists of English that the title rules read. Nouns and names come from the evidence instead."""


def word_set(words: str) -> frozenset[str]:
    """The words of a space-separated list."""
    return frozenset(words.split())


# Base forms that open a request. Nouns that are also verbs are here on purpose: position decides which is meant.
VERBS = word_set(
    """
    accept access activate adapt add adjust advise aggregate alert align allocate allow alter amend annotate
    announce answer appear apply appoint approve archive arrange ask assign attach attend authorise authorize
    autofill automate avoid back ban batch begin block book borrow break bring broadcast browse buffer build
    bulk buy calculate call cancel capture carry categorize change charge chase check choose claim clean clear
    click clock clone close code collapse collect color colour combine come comment compare complain complete
    compute configure confirm connect consolidate contact contest continue control convert cook copy correct
    count cover create credit customise customize cut deactivate decide decline decrease deduct default define
    delay delegate delete deliver deny deposit describe design detect determine digitise digitize disable
    discard disconnect discover dismiss dispatch display dispute distinguish distribute divide do donate
    download draft drag drive drop duplicate edit eliminate email embed enable encrypt end enforce enroll ensure
    enter erase escalate estimate evaluate examine exchange exclude exempt expand expire explain export extend
    extract fail favorite fetch figure fill filter find finish fire fix flag flip follow force forget format
    forward free freeze generate get give go grant group grow guess guide hand handle have hear help hide
    highlight hire hold hover identify ignore implement import improve include increase inform initiate insert
    inspect install integrate introduce investigate invite invoice issue join jump keep know label launch learn
    leave lend let limit link list listen load localise localize locate lock log look lose lower mail maintain
    make manage map mark match measure meet mention merge message migrate minimize modify monitor move multiply
    mute name navigate negotiate nominate note notify nudge obtain offer offload omit open opt order organise
    organize outline override overrule overwrite own pair pass paste pause pay perform permit phone pick pin ping
    place plan play point poll populate post postpone predict prefer prefill prepare preserve press prevent
    preview print prioritise prioritize process produce program project promote prompt propose protect prove
    provide prune publish pull punch purchase purge push put query queue quit raise rank rate reach reactivate
    read rearrange reassign rebook recalculate receive recommend reconcile reconnect record recover recur redact
    redeem redirect redo reduce refer refill reformat refresh refund refuse register reinstate reject relabel
    relate release reload remap remember remind remove rename renew rent reopen reorder repair repeat replace
    reply report reprint reprocess request require reschedule resend reserve reset resize resolve respond
    restart restore restrict resubmit resume resync retain retrieve retry return retype reuse reverse revert
    review revise revoke reword ring roll roster rotate round route run save say scan schedule score screen
    scroll search secure see select sell send separate serve set settle share ship shorten show shuffle sign
    simplify skip snooze sort speak speed spell spend split spot stack stamp star start state stay stop store stream
    submit subscribe subtract suggest support suspend swap switch sync synchronise synchronize tag tailor take
    talk target teach tell test text tick tie tighten time toggle total trace track trade train transcribe
    transfer transition translate trigger trim trust try turn tweak type unassign understand undo unfreeze
    unhide unlink unlock unpin unpublish unsend unsubscribe untick update upgrade upload use utilize validate
    verify view visit void wait waive wake walk warn wash watch watermark weigh whisper widen wipe withdraw work
    worry write zoom
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

# What goes wrong with a product by itself, so that the wish behind it is a repair.
MALFUNCTIONS = word_set("crash cut disappear drop fail flicker freeze hang kick lag log reload stall time vanish")

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
    actually again ahead already also altogether always anyhow anymore anyway asap basically currently either
    else even ever finally hello herself hey hi himself honestly immediately instead itself just kindly lol
    maybe mostly much myself now obviously ok okay only ourselves perhaps please pls plz possibly presently
    quickly quite really right seriously simply somehow soon sorry still suddenly thank thanks themselves then
    though thx today tomorrow tonight too very well yes yesterday yet yourself
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

# Everyday words that organisations are called by: part of many a name, and no name in lower case by themselves.
ORDINARY_IN_NAMES = word_set(
    """
    academy account accounts admin agency agent agents air airport alliance art arts assembly association bakery
    bank bar bay beach beauty black blue board body books box bridge brothers builders building buildings bus
    business buyer cafe camp capital car care cars catering center centers central centre centres chain champion
    charity church city class cleaning clinic clinics cloud club clubs coast coffee cold college commerce
    committee community company construction consulting corner council country court creative crew crossing
    customer customers dairy data day days dental department desk diagnostics digital diner direct distribution
    district doctor doctors east edge education electric electronics energy engineering enterprise enterprises
    environment equipment estate estates event events express factory family farm farms field fields film
    finance financial fish fitness flight food foods forest foundation freight fresh front fuel games garage
    garden gardens gas gate general gift global golden government green grey grocery ground groups guest guests
    hall handling harbor harbour health healthcare heat high hill hills holding holdings holiday home homes
    hospice hospital hospitality hospitals hotel hotels house houses housing ice industrial industries industry
    institute insurance interactive international investment island job jobs kitchen lab laboratory labs lake
    land laundry law legal leisure library life light lights line lines little local lodge logistics machine
    management manager manor manufacturing marine market marketing markets master materials meadow media medical
    mills mobile modern moon motor motors mountain municipal museum music national network night north nurse
    nursery nurses nursing ocean office offices oil old online orchard outdoor paper park parks partner partners
    parts patient patients payroll pharmacy photo pizza planning plant player police pool port power practice
    press printing product production products properties property public publishing pubs quality radio rail
    real red regional rental research resident residential residents resort resorts resource resources
    restaurant restaurants retail river road rock room rooms row sales salon school schools science sea season
    security senior service services shifts ship shipping shop shops shore silver site sites small social
    society software solar solutions sound south spa space sport sports square staff staffing station steel
    stewarding storage stores street studio studios summer sun surgery system systems table tax taxi team teams
    tech technical technologies technology telecom terminal theater theatre ticket tickets tool tools town toy
    toys trading training transit transport travel tree trial union unit university user users valley vet video
    village vision visitor visitors volunteers ward warehouse waste water web west white wholesale wind window
    wine winter wood workers works workshop world yard young zone zoo
    """
)

# Software and devices that customers name, as they are written: what they say of a job, and nobody's secret.
PRODUCT_NAMES = {
    name.lower(): name
    for name in [
        "Airtable",
        "Android",
        "Asana",
        "AWS",
        "Azure",
        "Bluetooth",
        "Chrome",
        "Confluence",
        "Dropbox",
        "Excel",
        "Facebook",
        "Firefox",
        "Gmail",
        "GitHub",
        "GitLab",
        "Google",
        "HubSpot",
        "Instagram",
        "Intercom",
        "iOS",
        "iPad",
        "iPads",
        "iPhone",
        "iPhones",
        "Jira",
        "LinkedIn",
        "Linux",
        "Mac",
        "macOS",
        "Mailchimp",
        "Microsoft",
        "Notion",
        "Okta",
        "Outlook",
        "PayPal",
        "PowerPoint",
        "QuickBooks",
        "Safari",
        "Salesforce",
        "SAP",
        "SharePoint",
        "Shopify",
        "Slack",
        "Stripe",
        "Tableau",
        "Teams",
        "Trello",
        "WhatsApp",
        "Windows",
        "WordPress",
        "Xero",
        "YouTube",
        "Zapier",
        "Zendesk",
        "Zoom",
    ]
}
# Written without their capital, these say something else.
EVERYDAY_PRODUCT_NAMES = word_set("notion safari slack stripe tableau teams windows zoom excel chrome")
