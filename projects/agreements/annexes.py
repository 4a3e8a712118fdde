"""The annexes of an agreement as tables, built from plain rows."""

from collections.abc import Iterable, Mapping

from .canonical import Annex, Value

BACKGROUND = (
    ("ref", "Reference"),
    ("party", "Party"),
    ("title", "Background"),
    ("nature", "Nature"),
    ("implementation", "Limits on use for the Project"),
    ("exploitation", "Limits on use afterwards"),
)
RESULTS = (
    ("ref", "Reference"),
    ("title", "Result"),
    ("nature", "Nature"),
    ("owners", "Owners and shares"),
    ("limits", "Limits"),
)
RIGHTS = (
    ("ref", "Reference"),
    ("asset", "Of"),
    ("title", "Title"),
    ("grantor", "Granted by"),
    ("holder", "To"),
    ("purpose", "For"),
    ("from", "From"),
    ("until", "Until"),
    ("terms", "Terms"),
)
THIRD_PARTIES = (("agency", "Who"), ("clause", "May rely on"), ("words", "For"))
CONTRIBUTIONS = (("party", "Party"), ("part", "Part in the joint work"), ("condition", "Accepted on condition that"))
CONTACTS = (("party", "Party"), ("purpose", "For"), ("name", "Name or office"), ("address", "Address"))


def background_annex(rows: Iterable[Mapping[str, Value]], *, letter: str = "A", mode: str = "positive") -> Annex:
    """Build the list of background; `mode` is the profile's background_mode. Missing cells are printed as a dash."""
    title = "Background included" if mode == "positive" else "Background excluded"
    return _annex(letter, title, BACKGROUND, rows)


def results_annex(rows: Iterable[Mapping[str, Value]], *, letter: str = "B") -> Annex:
    """Build the list of results foreseen and their owners."""
    return _annex(letter, "Results and their owners", RESULTS, rows)


def contacts_annex(rows: Iterable[Mapping[str, Value]], *, letter: str = "C") -> Annex:
    """Build the list of addresses for notices and requests."""
    return _annex(letter, "Contacts for notices and requests", CONTACTS, rows)


def contributions_annex(rows: Iterable[Mapping[str, Value]], *, letter: str = "A") -> Annex:
    """Build the list of what each party takes part with."""
    return _annex(letter, "Contributions", CONTRIBUTIONS, rows)


def rights_annex(rows: Iterable[Mapping[str, Value]], *, letter: str = "D") -> Annex:
    """Build the list of access rights that are granted already."""
    return _annex(letter, "Access rights granted", RIGHTS, rows)


def third_parties_annex(rows: Iterable[Mapping[str, Value]], *, letter: str = "E") -> Annex:
    """Build the list of who may rely on a clause without being a party."""
    return _annex(letter, "Third parties that may rely on a clause", THIRD_PARTIES, rows)


def _annex(letter: str, title: str, columns: tuple[tuple[str, str], ...], rows: Iterable[Mapping[str, Value]]) -> Annex:
    return Annex(
        letter=letter,
        title=title,
        columns=[{"key": key, "label": label} for key, label in columns],
        rows=[{key: row.get(key, "") for key, _ in columns} for row in rows],
    )
