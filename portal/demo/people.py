"""The people of the demonstration: invented, named after stars and skies, each with an address that cannot exist."""

from __future__ import annotations

from dataclasses import dataclass

ADMINISTRATOR, MANAGER, SIGNATORY = "administrator", "manager", "signatory"
CONTRIBUTOR, OBSERVER, IP_MANAGER, EXPORT_OFFICER = "contributor", "observer", "ip_manager", "export_officer"


@dataclass(frozen=True)
class Part:
    """Somebody, and what they are at one agency. The first one listed for an agency applies for it."""

    key: str
    agency: str
    name: str
    native_name: str
    position: str
    roles: tuple[str, ...]

    @property
    def email(self) -> str:
        return f"{self.key}@{domain_of(self.agency)}"


def domain_of(acronym: str) -> str:
    """`airbus-ds.example`: a domain that is reserved for examples."""
    return f"{acronym.lower().replace(' ', '-')}.example"


def _part(key: str, agency: str, name: str, position: str, *roles: str, native: str = "") -> Part:
    return Part(key, agency, name, native, position, roles)


def _head(key: str, agency: str, name: str, native: str = "", position: str = "Head of cooperation") -> Part:
    return Part(key, agency, name, native, position, (ADMINISTRATOR, MANAGER))


def _signs(key: str, agency: str, name: str, native: str = "", position: str = "Director") -> Part:
    return Part(key, agency, name, native, position, (SIGNATORY,))


OPERATOR_EMAIL = "oriel@concord.example"
OPERATOR_NAME = "Oriel Keystone"

CAST = (
    _head("mika", "JAXA", "Mika Hoshino", "星野 ミカ", "Manager of international projects"),
    _signs("kenji", "JAXA", "Kenji Amanogawa", "天野川 賢治", "Vice-President"),
    _part("ren", "JAXA", "Ren Tsukishiro", "Legal counsel", IP_MANAGER, SIGNATORY, native="月城 蓮"),
    _part("aoi", "JAXA", "Aoi Hoshizora", "Export control", EXPORT_OFFICER, native="星空 葵"),
    _part("sora", "JAXA", "Sora Minazuki", "Thermal engineer", CONTRIBUTOR, native="水無月 空"),
    _part("yui", "JAXA", "Yui Akatsuki", "Science liaison", OBSERVER, native="暁 結衣"),
    _head("lucien", "ESA", "Lucien Demoville", position="Project manager"),
    _signs("ingrid", "ESA", "Ingrid Polarsen", position="Director of exploration"),
    _part("chiara", "ESA", "Chiara Vialattea", "Intellectual property", IP_MANAGER),
    _part("edda", "ESA", "Edda Nordstern", "Export control", EXPORT_OFFICER),
    _part("maren", "ESA", "Maren Tidewell", "Drill engineer", CONTRIBUTOR),
    _part("emil", "ESA", "Emil Gestern", "Project manager", MANAGER),
    _head("stella", "NASA", "Stella Brightwater", position="Programme manager"),
    _signs("orson", "NASA", "Orson Fairweather", position="Associate administrator"),
    _part("perrin", "NASA", "Perrin Clearwater", "Export control", EXPORT_OFFICER),
    _part("juno", "NASA", "Juno Halloway", "Technology transfer", IP_MANAGER),
    _head("isabeau", "CSA", "Isabeau Lalune", position="Manager of lunar projects"),
    _signs("owen", "CSA", "Owen Northlake", position="Vice-President"),
    _head("tara", "ISRO", "Tara Chandrapur", "तारा चंद्रपुर"),
    _signs("dhruv", "ISRO", "Dhruv Nakshatra", "ध्रुव नक्षत्र", "Scientific secretary"),
    _head("celeste", "CNES", "Céleste Valombre"),
    _signs("aurele", "CNES", "Aurèle Beauciel"),
    _head("lorenz", "DLR", "Lorenz Sternfeld"),
    _signs("silke", "DLR", "Silke Morgenrot", position="Member of the board"),
    _head("fiorenza", "ASI", "Fiorenza Stellari"),
    _signs("elio", "ASI", "Elio Tramontana"),
    _head("wren", "UKSA", "Wren Hollowmoor"),
    _head("haneul", "KASA", "Haneul Byeolbit", "별빛 하늘"),
    _head("dalnim", "KARI", "Dalnim Eunha", "은하 달님"),
    _head("xinghe", "CNSA", "Yue Xinghe", "岳星河"),
    _head("mingyue", "CAS", "Yun Mingyue", "云明月"),
    _signs("yuanhang", "CAS", "Xing Yuanhang", "邢远航", "Deputy director"),
    _head("zvezdana", "Roscosmos", "Zvezdana Polyarnaya", "Звездана Полярная"),
    _signs("mir", "Roscosmos", "Mir Nebosvodov", "Мир Небосводов"),
    _head("noor", "UAESA", "Noor Al-Najmi", "نور النجمي"),
    _head("badr", "MBRSC", "Badr Al-Samawi", "بدر السماوي"),
    _signs("suhail", "MBRSC", "Suhail Al-Fajr", "سهيل الفجر"),
    _head("thuraya", "SSA", "Thuraya Al-Hilali", "ثريا الهلالي"),
    _head("kochava", "ISA", "Kochava Rakia", "כוכבה רקיע"),
    _head("najma", "EgSA", "Najma Al-Ufuq", "نجمة الأفق"),
    _head("amani", "AfSA", "Amani Nyota"),
    _head("naledi", "SANSA", "Naledi Sterrekus"),
    _head("irawo", "NASRDA", "Ìràwọ̀ Adéọ̀run"),
    _head("estela", "AEB", "Estela Cruzeiro"),
    _head("lucero", "CONAE", "Lucero Pampalinda"),
    _head("skye", "ASA", "Skye Jacaranda"),
    _head("yildiz", "TUA", "Yıldız Gökçeyol"),
    _head("estrella", "AEE", "Estrella Camposol"),
    _head("lucia", "INTA", "Lucía Vientosolar"),
    _head("liv", "FFI", "Liv Nordlys"),
    _head("luc", "LSA", "Luc Stärenhimmel"),
    _head("tala", "PhilSA", "Tala Bituin"),
    _head("marina", "EUMETSAT", "Marina Wetterstern"),
    _head("falk", "Airbus DS", "Falk Sternwerk"),
    _head("aurore", "TAS", "Aurore Belazur"),
    _head("hikari", "MHI", "Hikari Hagane", "鋼 光"),
    _head("robin", "MDA", "Robin Snowgoose"),
    _head("marsha", "JPL", "Marsha Redfern"),
    _head("ray", "JHUAPL", "Ray Gammell"),
    _head("elspeth", "Leicester", "Elspeth Softray"),
    _head("manabu", "UTokyo", "Manabu Hoshikawa", "星川 学"),
    _head("sanne", "TU Delft", "Sanne Windster"),
)

# Somebody who works for two: she chooses in the header for whom she acts.
SECOND = Part("mika", "UTokyo", "Mika Hoshino", "星野 ミカ", "Visiting lecturer", (OBSERVER,))

SPONSORS = {"Airbus DS": "ESA", "TAS": "CNES", "MHI": "JAXA", "MDA": "CSA"}
WAITING = ("TUA", "PhilSA", "LSA")
SUSPENDED = "UKSA"
SUSPENDED_BECAUSE = (
    "Demonstration: its legal standing changes with its place in a ministry. The agency is silent on the portal until "
    "the operators have read the new statute."
)
