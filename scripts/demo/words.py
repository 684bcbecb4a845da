# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Communities, people and words of the demo data."""

# slug, title, type, what it is about, parent's slug, weight among the records, visibility
COMMUNITIES = [
    (
        "marine-biology",
        "Marine Biology Data",
        "project",
        "Ocean time series and field observations.",
        None,
        6,
        "public",
    ),
    (
        "coral-reefs",
        "Coral Reefs",
        "topic",
        "Surveys and photographs of reefs.",
        "marine-biology",
        3,
        "public",
    ),
    (
        "deep-sea",
        "Deep Sea",
        "topic",
        "What lives below a thousand metres.",
        "marine-biology",
        2,
        "public",
    ),
    (
        "physics-lab",
        "Physics Laboratory",
        "organization",
        "Measurements, simulations and theses.",
        None,
        6,
        "public",
    ),
    (
        "cold-atoms",
        "Cold Atoms",
        "project",
        "Atoms near absolute zero.",
        "physics-lab",
        2,
        "public",
    ),
    (
        "open-humanities",
        "Open Humanities",
        "topic",
        "Editions, corpora and teaching material.",
        None,
        5,
        "public",
    ),
    ("dialects", "Dialects in Change", "project", "Recordings and transcripts.", None, 2, "public"),
    (
        "town-archives",
        "Town Archives",
        "organization",
        "Registers, maps and letters.",
        None,
        3,
        "public",
    ),
    (
        "soil-network",
        "Soil Network",
        "project",
        "Sensors in fields and forests.",
        None,
        3,
        "public",
    ),
    (
        "glaciers",
        "Glaciers in Motion",
        "topic",
        "Ice thickness, speed and melt.",
        None,
        2,
        "public",
    ),
    (
        "cell-maps",
        "Maps of Single Cells",
        "project",
        "Images and counts of cells.",
        None,
        3,
        "public",
    ),
    (
        "health-cohort",
        "Health Cohort",
        "organization",
        "Data of volunteers.",
        None,
        2,
        "restricted",
    ),
    (
        "data-science",
        "Data Science School",
        "event",
        "Lessons, notebooks and posters.",
        None,
        3,
        "public",
    ),
    (
        "engineering",
        "Engineering Workshop",
        "organization",
        "Models, drawings and tests.",
        None,
        2,
        "public",
    ),
]

USERS = ["ana.lopes", "jan.novak", "mia.keller", "omar.haddad", "li.wei"]

NAMES = [
    ("Ana", "Lopes"), ("Jan", "Novak"), ("Mia", "Keller"), ("Omar", "Haddad"), ("Li", "Wei"),
    ("Eva", "Silva"),
    ("Tom", "Baker"), ("Ines", "Moreau"), ("Kofi", "Mensah"), ("Yuki", "Tanaka"), ("Sara", "Lind"),
    ("Paul", "Weber"),
]  # fmt: skip

# What a record is called, by community.
TOPICS = {
    "marine-biology": [
        "Plankton counts",
        "Tide gauge series",
        "Sea surface temperature",
        "Whale sightings",
    ],
    "coral-reefs": ["Coral bleaching survey", "Reef photographs", "Fish census"],
    "deep-sea": ["Sediment cores", "Vent fauna", "Sonar tracks"],
    "physics-lab": [
        "Neutron scattering",
        "Muon lifetime",
        "Detector calibration",
        "Spectra of thin films",
    ],
    "cold-atoms": ["Laser cooling notes", "Trap simulations", "Condensate images"],
    "open-humanities": [
        "Letters of a printer",
        "Reading list",
        "Digital edition",
        "Corpus of sermons",
    ],
    "dialects": ["Dialect recordings", "Word maps", "Transcripts of interviews"],
    "town-archives": ["Parish registers", "Town plans", "Tax rolls"],
    "soil-network": ["Soil moisture", "Nitrate profiles", "Sensor firmware"],
    "glaciers": ["Ice thickness", "Melt season report", "Time-lapse images"],
    "cell-maps": ["Cell counts", "Microscope images", "Segmentation masks"],
    "health-cohort": ["Questionnaire answers", "Sleep records", "Blood pressure series"],
    "data-science": ["Lesson on statistics", "Notebook on networks", "Poster session"],
    "engineering": ["Beam tests", "Gear drawings", "Wind tunnel runs"],
    None: ["Field notes", "Working paper", "Preprint", "Measurement series"],
}

TYPES = [
    ("dataset", 34), ("publication-article", 18), ("publication-preprint", 8),
    ("publication-dissertation", 5),
    ("publication-report", 6), ("software", 8), ("image-photo", 5), ("image-figure", 3),
    ("presentation", 5),
    ("poster", 3), ("lesson", 3), ("video", 1), ("publication-book", 1),
]  # fmt: skip

LANGUAGES = [
    ("eng", 60),
    ("fra", 10),
    ("deu", 12),
    ("spa", 6),
    ("por", 4),
    ("ita", 3),
    ("zho", 2),
    ("swe", 2),
    ("jpn", 1),
]

RIGHTS = [
    ("cc-by-4.0", 52), ("cc-by-sa-4.0", 9), ("cc0-1.0", 14), ("cc-by-nc-4.0", 6),
    ("cc-by-nc-nd-4.0", 3),
    ("mit", 6), ("apache-2.0", 3), ("gpl-3.0-or-later", 2), ("odbl-1.0", 2), (None, 6),
]  # fmt: skip

# With a ROR identifier (terms of the vocabulary), and without.
AFFILIATIONS = [
    ({"id": "01ggx4157"}, 14), ({"id": "00g30e956"}, 12), ({"id": "00d7xrm67"}, 8),
    ({"id": "04d836q62"}, 8),
    ({"id": "000e0be47"}, 8), ({"id": "05dxps055"}, 7), ({"id": "026vcq606"}, 6),
    ({"id": "00pd74e08"}, 5),
    ({"id": "005ta0471"}, 4), ({"id": "01zy2cs03"}, 4),
    ({"name": "Institute of Coastal Studies"}, 5),
    ({"name": "Town Museum"}, 4), ({"name": "Independent scholar"}, 3), (None, 12),
]  # fmt: skip

FUNDING = [
    ({"funder": {"id": "00k4n6c32"}, "award": {"id": "00k4n6c32::101000001"}}, 10),
    ({"funder": {"id": "00k4n6c32"}, "award": {"id": "00k4n6c32::101000002"}}, 7),
    ({"funder": {"id": "00rbzpz17"}, "award": {"id": "00rbzpz17::ANR-25-0001"}}, 5),
    ({"funder": {"id": "021nxhr62"}, "award": {"id": "021nxhr62::2500001"}}, 6),
    ({"funder": {"id": "001aqnf71"}, "award": {"id": "001aqnf71::UKRI-0001"}}, 4),
    ({"funder": {"id": "00yjd3n13"}, "award": {"id": "00yjd3n13::205321-01"}}, 4),
    ({"funder": {"id": "029chgv08"}, "award": {"id": "029chgv08::WT-250001"}}, 3),
    ({"funder": {"id": "013tf3c58"}}, 4),
    (
        {
            "funder": {"name": "Friends of the Town Archives"},
            "award": {"title": {"en": "Small grants"}, "number": "12"},
        },
        2,
    ),
    (None, 45),
]

SUBJECTS = {
    "marine-biology": ["1.6", "1.5"], "coral-reefs": ["1.6"], "deep-sea": ["1.5", "1.6"],
    "physics-lab": ["1.3", "1.1"],
    "cold-atoms": ["1.3"], "open-humanities": ["6.2", "6.1"], "dialects": ["6.2", "5.4"],
    "town-archives": ["6.1"],
    "soil-network": ["1.5"], "glaciers": ["1.5", "1.3"], "cell-maps": ["1.6", "3.3"],
    "health-cohort": ["3.3", "5.1"],
    "data-science": ["1.2", "1.1"], "engineering": ["2.3"], None: ["1.2", "6.4"],
}  # fmt: skip

KEYWORDS = [
    "time series",
    "open data",
    "field work",
    "simulation",
    "imaging",
    "survey",
    "archive",
    "reproducibility",
    "sensors",
]

PUBLISHERS = [
    ("Demo repository", 55),
    ("University Press", 15),
    ("Open Science Publishing", 12),
    ("Harbour Books", 4),
    ("Own print", 4),
]

JOURNALS = [
    {"title": "Journal of Open Data", "issn": "1234-5679"},
    {"title": "Annals of the Sea", "issn": "2049-3630"},
    {"title": "Letters in Physics", "issn": "0317-8471"}, {"title": "Humanities Today"},
]  # fmt: skip

COUNTRIES = [
    ("US", 22), ("DE", 14), ("GB", 9), ("FR", 8), ("CN", 7), ("IN", 6), ("PT", 4), ("ES", 4),
    ("IT", 4), ("CH", 4),
    ("AT", 3), ("BR", 3), ("JP", 3), ("SE", 2), ("CA", 3), ("AU", 2), ("GH", 1), ("NG", 1),
    ("ZA", 1), ("MX", 1),
    ("PL", 1), ("NL", 2), (None, 4),
]  # fmt: skip

REFERRERS = [
    (None, 40), ("https://www.google.com/", 26), ("https://scholar.google.com/", 10),
    ("https://www.bing.com/", 4),
    ("https://duckduckgo.com/", 4), ("https://en.wikipedia.org/", 5), ("https://doi.org/", 5),
    ("https://orcid.org/", 2), ("https://university.example.org/library", 3),
    ("https://blog.example.net/open-data", 1),
]  # fmt: skip
