"""Words of made-up companies, and how people write them."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SYLLABLES = (
    _words(
        "al be bor ca cor da del do el fen ga gri hel in jo ka kel lu mar mi nor o pel qua ri sa sol ta tro ul va wex"
    ),
    _words("bri ca den do fa gle ka lo ma mo na ni pha ra ro sca sto ta ti va ve vi xa za"),
    _words("bit cast don fy gen gon lex line lon lum mark nex nia nix ra rix ron san sis ta tek tis tra via vo x"),
)
SURNAMES = _words(
    """
    Abernathy Ackermann Alvarez Andersson Ashworth Baumgartner Bergström Bianchi Blackwood Böhm Brennan Castellano
    Chaudhry Clarke Dąbrowski Delacroix Drummond Dubois Eriksen Fairbanks Ferreira Fischer Fitzgerald Gallagher Garcia
    Grünwald Hansen Hartmann Hawthorne Hernández Holloway Iversen Jacobsen Jensen Johnson Kaczmarek Kowalski Krüger
    Lafontaine Larsen Lindqvist Lombardi MacLeod Marchetti Meyer Miller Mitchell Møller Müller Nakamura Novák Núñez
    O'Brien Ortega Patel Pedersen Petrov Quinlan Rasmussen Richter Romano Rossi Santos Schäfer Schröder Schulz Sinclair
    Smith Sørensen Takahashi Thornton Underwood Vasquez Vogel Wagner Walker Weiß Whitaker Williams Yamamoto Zieliński
    """
)
POPULAR = _words(
    """
    Alpha Apex Atlas Aurora Beacon Blue Bright Cedar Coastal Compass Crown Crystal Delta Diamond Eagle Eclipse Elite
    Emerald Falcon First Fusion Galaxy Global Golden Granite Green Harbor Heritage Horizon Insight Keystone Liberty
    Lighthouse Meridian Modern National Nova Oak Orion Paramount Phoenix Pinnacle Pioneer Premier Prime Quantum Redwood
    Royal Sapphire Sierra Silver Spectrum Sterling Summit Swift Titan Trinity United Vanguard Vertex Vista Western
    Zenith
    """
)
TRADES = _words(
    """
    Accounting Analytics Apparel Architects Automation Bakery Biotech Brewing Builders Capital Catering Chemicals Clinic
    Cloud Communications Construction Consulting Dairy Data Dental Design Diagnostics Distribution Electric Electronics
    Energy Engineering Entertainment Finance Fitness Flooring Foods Freight Furniture Glass Healthcare Holdings
    Hospitality Hotels Imaging Industries Insurance Interiors Labs Landscaping Legal Logistics Manufacturing Marine
    Marketing Materials Mechanical Media Medical Metals Mining Motors Networks Optics Packaging Pharma Plastics Plumbing
    Power Printing Properties Recruitment Rentals Research Robotics Roofing Security Services Shipping Software Solar
    Solutions Staffing Steel Storage Studios Supply Systems Technologies Textiles Timber Tools Toys Trading Transport
    Travel Ventures Veterinary Water Wines Works
    """
)
TOWNS = {
    "US": _words("Austin Boston Chicago Dallas Denver Houston Portland Seattle Springfield Tampa"),
    "GB": _words("Ashford Bristol Cardiff Dundee Harrogate Leeds London Manchester Norwich York"),
    "DE": _words("Berlin Bielefeld Erfurt Hamburg Köln Leipzig München Nürnberg Regensburg Stuttgart"),
    "FR": _words("Angers Bordeaux Dijon Lille Lyon Nantes Paris Rennes Toulouse Tours"),
    "NL": _words("Amsterdam Breda Eindhoven Groningen Rotterdam Utrecht Zwolle"),
    "SE": _words("Göteborg Linköping Malmö Stockholm Umeå Uppsala"),
    "IT": _words("Bologna Genova Milano Napoli Padova Torino Verona"),
    "PL": _words("Gdańsk Katowice Kraków Łódź Poznań Warszawa"),
    "AU": _words("Adelaide Brisbane Hobart Melbourne Perth Sydney"),
    "MX": _words("Guadalajara Mérida Monterrey Puebla Tijuana"),
}
COUNTRY_NAMES = {
    "US": "USA", "GB": "UK", "DE": "Germany", "FR": "France", "NL": "Netherlands", "SE": "Sweden", "IT": "Italia",
    "PL": "Polska", "AU": "Australia", "MX": "Mexico",
}  # fmt: skip
FORMS: dict[str, tuple[tuple[str, ...], ...]] = {
    "US": (
        ("Inc", "Inc.", ", Inc.", "Incorporated"),
        ("LLC", "L.L.C.", ", LLC"),
        ("Corp", "Corp.", "Corporation"),
        ("Co", "Company", "Co."),
    ),
    "GB": (("Ltd", "Limited", "Ltd."), ("Ltd", "Limited", "Ltd."), ("plc", "PLC"), ("LLP", "L.L.P.")),
    "DE": (
        ("GmbH", "G.m.b.H.", "Gesellschaft mbH", "gmbh"),
        ("AG", "Aktiengesellschaft"),
        ("GmbH & Co. KG", "GmbH + Co KG", "GmbH & Co.KG"),
    ),
    "FR": (("SAS", "S.A.S."), ("SARL", "S.A.R.L.", "S.à r.l."), ("SA", "S.A.")),
    "NL": (("BV", "B.V."), ("NV", "N.V.")),
    "SE": (("AB", "Aktiebolag"),),
    "IT": (("S.p.A.", "SpA", "SPA"), ("S.r.l.", "Srl", "SRL")),
    "PL": (("Sp. z o.o.", "Sp. z o.o", "sp z oo", "Sp.z o.o."), ("S.A.", "SA")),
    "AU": (("Pty Ltd", "Pty. Ltd.", "Pty Limited"),),
    "MX": (("S.A. de C.V.", "SA de CV", "S.A. DE C.V."),),
}
ENDINGS = {"US": "com", "GB": "co.uk", "DE": "de", "FR": "fr", "NL": "nl", "SE": "se", "IT": "it", "PL": "pl",
           "AU": "com.au", "MX": "com.mx"}  # fmt: skip
CALLING = {"US": "1", "GB": "44", "DE": "49", "FR": "33", "NL": "31", "SE": "46", "IT": "39", "PL": "48", "AU": "61",
           "MX": "52"}  # fmt: skip
SHORT = {
    "International": "Intl", "Brothers": "Bros", "Manufacturing": "Mfg", "Technologies": "Tech", "Services": "Svcs",
    "Engineering": "Eng.", "Consulting": "Consult.", "Industries": "Ind.", "Construction": "Constr.", "Systems": "Sys",
    "Solutions": "Soln.", "Distribution": "Dist", "Logistics": "Log.", "Marketing": "Mktg", "Electric": "Elec",
    "Communications": "Comms", "Research": "Rsch", "Medical": "Med.", "Properties": "Props", "Holdings": "Hldgs",
    "Management": "Mgmt", "Group": "Grp", "Healthcare": "Health Care", "Materials": "Matls",
}  # fmt: skip
DESKS = ("Sales", "HQ", "Finance Dept", "EMEA", "Procurement", "IT", "Accounts Payable", "Head Office")
REMARKS = ("(old)", "- DO NOT USE", "(duplicate)", "[inactive]", "*new*")
HIDDEN = ("\u200b", "\ufeff", "\u00ad", "\u2060")
FREE_MAIL = ("gmail.com", "outlook.com", "yahoo.co.uk", "gmx.de", "hotmail.com")
