"""Countries and large cities as they occur in company names and country fields."""

from customers.engine.identity.folding import folded

# ISO 3166 alpha-2, alpha-3 | names and adjectives
_COUNTRIES = """
ae are | united arab emirates, uae, emirates, emirati
ar arg | argentina, argentine
at aut | austria, österreich, austrian
au aus | australia, australian, aussie
bd bgd | bangladesh
be bel | belgium, belgique, belgië, belgien, belgian
bg bgr | bulgaria, bulgarian
br bra | brazil, brasil, brazilian
ca can | canada, canadian
ch che | switzerland, schweiz, suisse, svizzera, swiss
cl chl | chile, chilean
cn chn | china, chinese, people's republic of china, prc
co col | colombia, colombian
cr cri | costa rica
cy cyp | cyprus
cz cze | czech republic, czechia, czech
de deu | germany, deutschland, german, deutsche, allemagne
dk dnk | denmark, danmark, danish
do dom | dominican republic
dz dza | algeria
ec ecu | ecuador
ee est | estonia, eesti
eg egy | egypt, egyptian
es esp | spain, españa, spanish, iberica, espana
fi fin | finland, suomi, finnish
fr fra | france, french, française, francaise
gb gbr | united kingdom, uk, great britain, britain, england, scotland, wales, british, gb
gh gha | ghana
gr grc | greece, hellas, greek, hellenic
hk hkg | hong kong
hr hrv | croatia, hrvatska, croatian
hu hun | hungary, magyarország, hungarian
id idn | indonesia, indonesian
ie irl | ireland, irish, eire
il isr | israel, israeli
in ind | india, indian, bharat
is isl | iceland
it ita | italy, italia, italian, italiana
jp jpn | japan, nippon, japanese
ke ken | kenya
kr kor | south korea, korea, republic of korea, korean
kw kwt | kuwait
lk lka | sri lanka
lt ltu | lithuania
lu lux | luxembourg, luxemburg
lv lva | latvia
ma mar | morocco, maroc
mt mlt | malta
mx mex | mexico, méxico, mexican, mexicana
my mys | malaysia, malaysian
ng nga | nigeria, nigerian
nl nld | netherlands, the netherlands, nederland, holland, dutch, niederlande
no nor | norway, norge, norwegian
nz nzl | new zealand
pe per | peru, perú
ph phl | philippines, philippine
pk pak | pakistan
pl pol | poland, polska, polish, polen
pt prt | portugal, portuguese
qa qat | qatar
ro rou | romania, românia
rs srb | serbia, srbija
ru rus | russia, russian federation, russian
sa sau | saudi arabia, saudi, ksa
se swe | sweden, sverige, swedish, svenska
sg sgp | singapore
si svn | slovenia, slovenija
sk svk | slovakia, slovensko
th tha | thailand, thai
tn tun | tunisia
tr tur | turkey, türkiye, turkiye, turkish
tw twn | taiwan
ua ukr | ukraine, ukrainian
us usa | united states, united states of america, usa, america, us, american
uy ury | uruguay
ve ven | venezuela
vn vnm | vietnam, viet nam
za zaf | south africa, south african
"""

# country | cities, states and regions; "=" joins spellings of one place
_CITIES = """
ae | dubai, abu dhabi, sharjah
ar | buenos aires, cordoba, rosario
at | vienna=wien, graz, linz, salzburg, innsbruck, tirol
au | sydney, melbourne, brisbane, perth, adelaide, canberra, queensland, victoria, nsw, tasmania
be | brussels=bruxelles=brussel, antwerp=antwerpen=anvers, ghent=gent, liege, bruges=brugge, flanders=vlaanderen
bg | sofia, varna, plovdiv
br | sao paulo, rio de janeiro, brasilia, curitiba, recife, salvador, porto alegre, belo horizonte
ca | toronto, vancouver, montreal, calgary, ottawa, edmonton, quebec, ontario, winnipeg, halifax, alberta, manitoba
ch | zurich=zuerich, geneva=genf=geneve, basel=bale, bern=berne, lausanne, luzern=lucerne, zug
cl | santiago, valparaiso
cn | beijing, shanghai, shenzhen, guangzhou, chengdu, hangzhou, nanjing, wuhan, tianjin
co | bogota, medellin, cali
cz | prague=praha, brno, ostrava
de | berlin, hamburg, munich=münchen, cologne=köln, frankfurt, stuttgart, düsseldorf, leipzig, dortmund, essen
de | bremen, dresden, hannover=hanover, nuremberg=nürnberg, bavaria=bayern, saxony=sachsen, bonn, mannheim, karlsruhe
de | augsburg, münster, kiel, aachen, mainz, freiburg, potsdam, rostock, kassel, ulm
dk | copenhagen=københavn=kobenhavn, aarhus, odense, aalborg
eg | cairo, alexandria
es | madrid, barcelona, valencia, seville=sevilla, bilbao, malaga, zaragoza, catalonia=cataluña, galicia, murcia
fi | helsinki, espoo, tampere, turku, oulu
fr | paris, lyon, marseille, toulouse, nice, nantes, strasbourg, bordeaux, lille, rennes, montpellier, grenoble
fr | bretagne=brittany, normandie=normandy, provence, alsace
gb | london, manchester, birmingham, leeds, glasgow, edinburgh, liverpool, bristol, sheffield, cardiff, belfast
gb | newcastle, nottingham, leicester, southampton, portsmouth, oxford, cambridge, york, brighton, aberdeen, reading
gb | plymouth, exeter, bath, norwich, derby, coventry, kent, essex, sussex, surrey, yorkshire, cornwall, devon, swansea
gr | athens, thessaloniki
hu | budapest, debrecen
ie | dublin, cork, galway, limerick
il | tel aviv, jerusalem, haifa
in | mumbai=bombay, delhi, bangalore=bengaluru, chennai=madras, hyderabad, kolkata=calcutta, pune, gurgaon=gurugram
in | ahmedabad, jaipur, noida, punjab, gujarat, kerala
it | rome=roma, milan=milano, naples=napoli, turin=torino, palermo, genoa=genova, bologna, florence=firenze, verona
it | venice=venezia, tuscany=toscana, lombardy=lombardia, padova=padua
jp | tokyo, osaka, kyoto, nagoya, yokohama, kobe, fukuoka, sapporo
ke | nairobi, mombasa
kr | seoul, busan, incheon
mx | monterrey, guadalajara, puebla, tijuana, cancun
my | kuala lumpur, penang, johor
ng | lagos, abuja
nl | amsterdam, rotterdam, the hague=den haag, utrecht, eindhoven, groningen, maastricht, arnhem, delft, leiden, breda
no | oslo, bergen, trondheim, stavanger
nz | auckland, wellington, christchurch
ph | manila, cebu
pl | warsaw=warszawa, krakow=kraków=cracow, wroclaw, gdansk, poznan, lodz, katowice, szczecin, lublin
pt | lisbon=lisboa, porto, braga
ro | bucharest=bucuresti, cluj
ru | moscow=moskva, saint petersburg, kazan
se | stockholm, gothenburg=göteborg, malmö, uppsala
th | bangkok
tr | istanbul, ankara, izmir
ua | kyiv=kiev, lviv, odessa
us | new york=nyc, los angeles, chicago, houston, phoenix, philadelphia, dallas, austin, boston, seattle, denver
us | san francisco, san diego, san jose, atlanta, miami, detroit, minneapolis, portland, las vegas, nashville
us | baltimore, milwaukee, tucson, sacramento, kansas city, omaha, cleveland, tampa, oakland, pittsburgh, cincinnati
us | st louis, orlando, buffalo, memphis, charlotte, columbus, indianapolis, honolulu, richmond, albany, boise
us | california, texas, florida, ohio, michigan, illinois, georgia, oregon, colorado, arizona, nevada, utah, virginia
us | carolina, new jersey, brooklyn, manhattan, massachusetts, pennsylvania, wisconsin, minnesota, tennessee
us | kentucky, alabama, louisiana, iowa, kansas, oklahoma, montana, wyoming, idaho, maine, vermont, connecticut, alaska
us | hawaii, nebraska, dakota, missouri, arkansas, mississippi, maryland, delaware, salem, springfield, madison, fresno
za | johannesburg, cape town, durban, pretoria
vn | hanoi, ho chi minh
"""


def _country_codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for line in _COUNTRIES.strip().splitlines():
        iso, names = line.split(" | ")
        for word in [*iso.split(), *names.split(", ")]:
            codes[folded(word)] = iso.split()[0]
    return codes


def _place_words() -> dict[tuple[str, ...], tuple[str, str]]:
    """Folded words of a place → its country and the place's usual word ("" for the country itself)."""
    places: dict[tuple[str, ...], tuple[str, str]] = {}
    for line in _CITIES.strip().splitlines():
        country, cities = line.split(" | ")
        for city in cities.split(", "):
            spellings = city.split("=")
            for spelling in spellings:
                places[tuple(folded(spelling).split())] = (country, folded(spellings[0]))
    for line in _COUNTRIES.strip().splitlines():
        iso, names = line.split(" | ")
        for name in names.split(", "):
            places[tuple(folded(name).split())] = (iso[:2], "")
    return places


_CODES = _country_codes()
PLACES = _place_words()


def country_code(text: str) -> str:
    """ISO 3166 alpha-2 in lower case of a country as people write it; a field that is no known country: blank."""
    return _CODES.get(folded(text), "")
