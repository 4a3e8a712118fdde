"""The shape of a text document: its members and their types, in the format of today and in the first one."""

from typing import Any, TypedDict

FORMAT = "concord/text-version/2"
FIRST = "concord/text-version/1"

Value = str | int | bool


class PartyEntry(TypedDict):
    """A party as it was named when the text was frozen; `share` is a percentage in words ("33.3333"), or empty."""

    ref: str
    legal_name: str
    native_name: str
    role: str
    bound_as: str
    share: str


class ClauseEntry(TypedDict):
    """A clause with its final text."""

    number: int
    code: str
    heading: str
    text: str


class Wording(TypedDict):
    """A clause in another authentic language; its number is that of the clause with its code."""

    code: str
    heading: str
    text: str


class Translation(TypedDict):
    """The whole text in another authentic language."""

    language: str
    title: str
    clauses: list[Wording]


class Within(TypedDict):
    """The instrument that this one stands under, amends or accedes to, and the hash of its text."""

    agreement: str
    title: str
    sha256: str
    relation: str


class Alteration(TypedDict):
    """One change to the amended text: `number` counts in the text before; for an inserted clause it is the one before it."""

    operation: str
    code: str
    number: int
    heading: str
    text: str


class Amended(TypedDict):
    """What an amendment changes, and the whole text that results."""

    alterations: list[Alteration]
    profile: dict[str, Value]
    clauses: list[ClauseEntry]


class Column(TypedDict):
    """A column of an annex: the key in its rows and the printed label."""

    key: str
    label: str


class Annex(TypedDict):
    """A table that belongs to the text."""

    letter: str
    title: str
    columns: list[Column]
    rows: list[dict[str, Value]]


class TextDocument(TypedDict):
    """Everything the parties agree to; nothing else is hashed, nothing of it is left out.

    `within` and `amended` have one entry or none. `languages` are the authentic ones, the one of `clauses` first.
    """

    format: str
    agreement: str
    kind: str
    title: str
    version: int
    language: str
    languages: list[str]
    within: list[Within]
    parties: list[PartyEntry]
    depositary: str
    entry_rule: dict[str, Any]
    profile: dict[str, Value]
    clauses: list[ClauseEntry]
    translations: list[Translation]
    amended: list[Amended]
    annexes: list[Annex]


class FirstParty(TypedDict):
    """A party in the first format."""

    ref: str
    legal_name: str
    native_name: str
    role: str


class FirstDocument(TypedDict):
    """The first format: one language, no tree; texts that were frozen in it stay what they are."""

    format: str
    agreement: str
    kind: str
    title: str
    version: int
    language: str
    parties: list[FirstParty]
    profile: dict[str, Value]
    clauses: list[ClauseEntry]
    annexes: list[Annex]
