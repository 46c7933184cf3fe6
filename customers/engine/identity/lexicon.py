"""Word lists for reading company names: abbreviations, words that many companies carry, remarks, free mail."""


def word_set(words: str) -> frozenset[str]:
    """The words of a space-separated list."""
    return frozenset(words.split())


# usual word | other spellings and abbreviations
ABBREVIATIONS = """
administration | admin
agency | agcy
american | amer
associates | assoc, assocs
automotive | autom
brothers | bros, brother, gebr, gebrueder, freres
building | bldg
business | bus, biz
center | ctr, centre, centers, centres, cntr
chemical | chem, chemicals
commercial | comm
communications | communication, comms
telecommunications | telecom, telecoms
construction | constr, constn, const, constructions
consulting | consult, consultancy, consultants, consultant, cnslt
department | dept
design | designs
development | dev, devel, developments
digital | dig
distribution | dist, distr, distributors, distributor, distributing
education | edu, educ, educational
electric | elec, electrical, elect
electronics | electronic
energy | nrg
engineering | eng, engr, engrg, engineers, engnrg
enterprise | ent, entp, enterprises
environmental | env, enviro
equipment | equip, eqpt
european | euro, eur
exchange | exch
financial | fin
foods | food
foundation | fdn, fndn
general | gen, genl
government | govt
group | grp, groupe, gruppe, grupo, gruppo, groep
health | hlth
holding | hldg, hldgs, holdings
hospital | hosp
hospitality | hosptlty
industries | ind, inds, industry, industrie
information | info
institute | inst
insurance | ins
international | intl, int, internat, internacional, internazionale, internationale, intnl
investment | inv, invest, investments
laboratory | lab, labs, laboratories
logistics | logistic, logistik, logist
machine | mach, machines, machinery
maintenance | maint
management | mgmt, mgt, mngmt
manufacturing | mfg, manuf, mfrs, manufacturers, manufacturer
market | mkt, markets
marketing | mktg
materials | matls, material
mechanical | mech
medical | med
metal | metals
mount | mt
mountain | mtn
national | natl, nat
network | networks, netwk
north | n
northwest | nw
northeast | ne
southwest | sw
southeast | se
pacific | pac
partner | partners, ptnr, ptnrs
pharmaceutical | pharma, pharm, pharmaceuticals
plastics | plastic
power | pwr
precision | prec
product | products, prod, prods
production | productions
professional | prof
property | properties, props, prop
railway | rwy, railroad, rr
regional | reg
research | rsch
resource | resources, res
restaurant | rest, restaurants
saint | st, ste, sainte, sankt
school | sch, schools
scientific | sci
security | sec
service | services, svc, svcs, serv, srvs
shipping | shpg
software | sw
solution | solutions, soln, solns, sol
son | sons, soehne
south | s
steel | steels
supply | supplies, sup
system | systems, sys, syst, systeme
technical | techn
technology | tech, technologies, techs, technologie, tecnologia, technol
trade | trading, trdg
transport | transportation, trans, transp, transports
travel | travels, trvl
united | utd
university | univ, universitaet
west | w
wholesale | whsle
works | wks
"""

# Words that many companies carry: sharing one says little, differing in one says that the companies differ.
TRADE_WORDS = word_set(
    """
    accounting administration advisor advisory advertising aerospace agency agriculture air airlines alliance analytics
    apparel architects art associates automation automotive aviation bakery bank banking bar beauty beverage biotech
    board boutique brands brewery brothers build builders building business cafe capital care cargo catering center
    chemical clinic cloud club coffee college commerce commercial communications computer computing concepts
    construction consulting consumer contractors corporate creative dairy data delivery dental department design
    development diagnostics digital dining direct distribution dynamics education electric electronics energy
    engineering enterprise entertainment environmental equipment estate events exchange express fabrication farm farms
    fashion film finance financial fitness flooring foods foundation freight fuel furniture games garden gas gear
    general glass goods graphics group growth health healthcare heating heavy holding home homes hospital hospitality
    hotel hotels house imaging import industries information infrastructure innovation innovations institute instruments
    insurance intelligence interactive interiors international internet investment it jewelry kitchen laboratory land
    landscaping law learning legal leisure library life lighting living logistics machine maintenance management
    manufacturing marine market marketing materials meats mechanical media medical medicine metal mill mills mining
    mobile mobility mortgage motor motors music national network nursery oil online operations optical organic outdoor
    packaging paint paper partner parts payments personnel petroleum pharmaceutical pharmacy photo photography pictures
    pizza plastics platform plumbing power precision press print printing product production professional project
    property protection public publishing pub railway real realty recruitment recycling renewables rental repair
    research resort resource restaurant retail robotics roofing safety salon sales school science sciences scientific
    security service shipping shop shopping skincare social software solar solution son sport sports staffing station
    steel storage store stores strategy studio studios supply support surgery surveying system talent tax tea technical
    technology telecommunications textiles theater therapy tire tools tourism toys trade training transport travel
    trucking trust university utilities vehicle ventures veterinary video vision warehouse waste water web wellness
    wholesale wine winery wireless wood woodworking workshop works
    """
)

# Words that sound like a name of one's own and are the name of thousands of companies.
POPULAR_WORDS = word_set(
    """
    able absolute access ace action active advanced advantage alpha amber apex apollo aqua arc arch arrow aspen asset
    atlas aurora avalon bay beacon best beta blue bold bridge bright brilliant capital cardinal castle cedar central
    century champion choice city classic clear coast compass complete connect core corner cornerstone crest crown
    crystal delta diamond dragon dream eagle east echo eclipse edge element elite emerald empire epic essential
    evergreen evolution excel expert falcon family fast first flex focus force forest fortune forward freedom fresh
    frontier fusion future galaxy gateway gemini genesis global gold golden good grand granite great green grove
    guardian harbor harmony hawk heritage high hill horizon hub icon ideal image impact imperial independent infinity
    insight inspire integra integrity island jade jupiter key king lake landmark leader legacy liberty light lion link
    local logic lotus magic magnolia main maple mark master matrix maverick max mercury meridian metro metropolitan
    midwest milestone modern momentum moon mountain mutual nature new next nexus noble north northern nova oak oasis
    ocean old olympic omega one open optimal optimum orange orbit orion pacific palm paradigm paragon park patriot peak
    pearl phoenix pilot pine pinnacle pioneer planet platinum plus point polar prairie premier premium prestige prime
    priority pro progress prosper pure quality quantum quest rainbow rapid red regal reliable reliance ridge rise river
    rock royal sapphire select sierra signature silver simple sky smart solid source south southern spark spectrum
    spring springs standard star stellar sterling stone strategic summit sun sunrise sunset superior supreme swift
    synergy tandem target team titan top total tower tree tri trident trinity triumph true twin ultimate ultra unified
    union united unity universal urban valley value vanguard vantage vector velocity venture venus victory view village
    vista vital west western white wild willow wise wolf world young zen zenith zone
    """
)

COMMON_SURNAMES = word_set(
    """
    adams ali allen anderson bailey baker becker bell bennett bianchi brown campbell carter chen clark clarke collins
    cook cooper cox davies davis diaz dubois edwards evans fernandez ferrari fischer fisher garcia gonzalez gray green
    hall hansen harris hernandez hill hoffmann hughes ivanov jackson james jansen jensen johansson johnson jones khan
    kim king klein koch kumar larsen lee lewis li lopez martin martinez meyer meier mayer miller mitchell moore morgan
    morris muller murphy murray nelson nguyen nielsen novak patel perez peters petersen phillips price richards richter
    roberts robinson rodriguez rogers rossi russo sanchez santos schmidt schmitt schneider schroeder schulz schwarz
    scott shah sharma silva simpson singh smith stewart suzuki tanaka taylor thomas thompson torres turner walker wagner
    wang ward watson weber white williams wilson wolf wood wright yang young zhang zimmermann
    """
)

# Parts of a company: they tell a branch or a desk, not a company.
DEPARTMENTS = word_set(
    """
    apac asean benelux branch campus dach department division emea europe facility factory headquarter headquarters hq
    iberia latam mena nordic nordics plant region regional site subsidiary unit
    """
)

# Words that are a desk only where they stand beside the name, in brackets or after a dash.
DESKS_BESIDE = word_set(
    """
    account accounts billing finance head hr invoicing it main marketing office operation operations payable procurement
    purchasing sales support warehouse
    """
)

# Remarks that people leave in a name field.
REMARKS = word_set("old new inactive closed duplicate dup dupe copy archived archive do not use deprecated merged vip")

# Words that bind: left out of a comparison.
BINDING_WORDS = word_set("the and und et e y i of for de la le les des du der die das del di da van von a an en og och")

ALIAS_MARKS = r"\b(?:d/?b/?a|t/a|trading as|doing business as|formerly known as|formerly|f/?k/?a|a/?k/?a)\b"

FREE_MAIL = word_set(
    """
    126.com 139.com 163.com aim.com alice.it aliyun.com aol.com arcor.de att.net bellsouth.net bigpond.com bk.ru
    bluewin.ch bol.com.br btinternet.com centrum.cz charter.net comcast.net cox.net daum.net duck.com earthlink.net
    email.com fastmail.com foxmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com
    hanmail.net hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com inbox.ru
    interia.pl juno.com laposte.net libero.it list.ru live.co.uk live.com live.nl mac.com mail.com mail.ru mailbox.org
    me.com msn.com naver.com netscape.net o2.pl online.de onet.pl orange.fr outlook.com outlook.de outlook.fr pm.me
    posteo.de proton.me protonmail.com qq.com rediffmail.com rocketmail.com rogers.com sbcglobal.net seznam.cz sfr.fr
    shaw.ca sina.com sky.com sympatico.ca t-online.de talktalk.net telus.net terra.com.br tiscali.it tutanota.com
    uol.com.br verizon.net virgilio.it virginmedia.com wanadoo.fr web.de wp.pl xs4all.nl yahoo.ca yahoo.co.in
    yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.br yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com
    zoho.com
    """
)

# What companies put around their name when the plain domain is taken.
DOMAIN_PREFIXES = ("get", "try", "use", "join", "hello", "my", "the", "go", "we", "team", "with")
DOMAIN_SUFFIXES = (
    "online",
    "global",
    "group",
    "corp",
    "inc",
    "llc",
    "ltd",
    "gmbh",
    "app",
    "hq",
    "web",
    "official",
    "co",
)
