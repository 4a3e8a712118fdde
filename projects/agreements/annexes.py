"""The annexes of an IP-sharing agreement, built from plain rows of the IP register."""

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


def _annex(letter: str, title: str, columns: tuple[tuple[str, str], ...], rows: Iterable[Mapping[str, Value]]) -> Annex:
    return Annex(
        letter=letter,
        title=title,
        columns=[{"key": key, "label": label} for key, label in columns],
        rows=[{key: row.get(key, "") for key, _ in columns} for row in rows],
    )
