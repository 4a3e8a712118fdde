"""What every printed form of a text says, in order: the PDF, the Word file and the Markdown file are drawn from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from agencies.languages import direction_of, english_name_of
from projects.agreements.fixed_words import authentic_in, heading_of
from projects.agreements.plain_words import (
    answer_in_words,
    answers_in_order,
    as_of_today,
    name_of_depositary,
    rule_in_words,
)
from projects.agreements.profile.languages import prevailing

KINDS = {
    "memorandum": "Memorandum of understanding",
    "ip_sharing": "Agreement on the sharing of intellectual property",
    "implementing": "Implementing arrangement",
    "nda": "Non-disclosure agreement",
    "data_exchange": "Data exchange agreement",
    "joint_ownership": "Joint-ownership agreement",
    "amendment": "Amendment",
    "accession": "Accession",
}
ROLES = {"lead": "Lead", "partner": "Partner"}
RELATIONS = {"under": "Under", "amends": "Amends", "accedes": "Accession to"}
OPERATIONS = {
    "insert": "New clause after %(place)s: %(heading)s",
    "delete": "Clause %(number)s (%(heading)s) is deleted.",
    "move": "Clause %(number)s (%(heading)s) is moved.",
    "replace": "Clause %(number)s (%(heading)s) reads:",
    "renumber": "Clause %(number)s (%(heading)s) reads, with its references renumbered:",
    "answer": "Answer of the profile: %(heading)s",
}
PROFILE_NOTE = (
    "The answers from which the clauses were drawn. They are part of the agreed text; "
    "where a clause says otherwise, the clause prevails."
)
PROFILE_TITLE = "Profile of the agreement"
RESULTING_TITLE = "Profile of the text as amended"
NOTHING = "The Parties list nothing here."
EMPTY = "–"


@dataclass(frozen=True)
class Words:
    """A clause in one language."""

    number: int
    code: str
    heading: str
    text: str


@dataclass(frozen=True)
class Text:
    """The whole text in one language."""

    language: str
    direction: str
    own_name: str
    title: str
    authentic: str
    clauses: Sequence[Words]


@dataclass(frozen=True)
class Table:
    """An annex; `letter` is empty for a list that has none."""

    letter: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each row as its cells with the heads of their columns, for a page too narrow for a table."""
        return [list(zip(self.columns, cells, strict=True)) for cells in self.rows]


@dataclass(frozen=True)
class Printed:
    """A text with everything that is hashed, in words; `resulting` is the text as an amendment leaves it."""

    reference: str
    version: int
    kind: str
    title: str
    language: str
    parties: Sequence[Mapping[str, str]]
    facts: Sequence[tuple[str, str]]
    texts: Sequence[Text]
    alterations: Sequence[tuple[str, str]]
    resulting: Sequence[Words]
    resulting_answers: Sequence[Sequence[str]]
    annexes: Sequence[Table]
    answers: Sequence[Sequence[str]]


def printed(document: Mapping[str, Any]) -> Printed:
    """Say a document of any format; the words around the text are English, as the texts of the library are."""
    whole = as_of_today(document)
    amended = [*whole["amended"], {"alterations": [], "clauses": [], "profile": {}}][0]
    with translation.override("en"):
        return Printed(
            reference=whole["agreement"],
            version=whole["version"],
            kind=KINDS.get(whole["kind"], whole["kind"]),
            title=whole["title"],
            language=whole["language"],
            parties=[_party(party) for party in whole["parties"]],
            facts=_facts(whole),
            texts=_texts(whole),
            alterations=[_alteration(row) for row in amended["alterations"]],
            resulting=[Words(**clause) for clause in amended["clauses"]],
            resulting_answers=_answers(amended["profile"]),
            annexes=[_table(annex) for annex in whole["annexes"]],
            answers=_answers(whole["profile"]),
        )


def annex_tables(document: Mapping[str, Any]) -> list[Table]:
    """The annexes as a page draws them, the profile last and in the reader's language: everything that is hashed is shown."""
    profile = Table("", _("Profile of the agreement"), [_("Question"), _("Answer")], _answers(document["profile"]))
    return [*map(_table, document["annexes"]), profile]


def _party(party: Mapping[str, str]) -> dict[str, str]:
    bound = f"bound as {party['bound_as']}" if party["bound_as"] else ""
    share = f"share {party['share']} %" if party["share"] else ""
    more = " · ".join(filter(None, [bound, share]))
    return {**party, "role": ROLES.get(party["role"], party["role"]), "more": more}


def _facts(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What stands on the first page beside the parties; only what the text says."""
    facts = []
    for above in document["within"]:
        relation = RELATIONS.get(above["relation"], above["relation"])
        facts.append((relation, f"{above['title']} ({above['agreement']}), SHA-256 {above['sha256']}"))
    if document["depositary"]:
        facts.append(("Depositary", name_of_depositary(document)))
    if rule := rule_in_words(document, in_english=True):
        facts.append(("Entry into force", rule))
    if len(document["languages"]) > 1:
        facts.append(("Languages", ", ".join(map(english_name_of, document["languages"]))))
    return facts


def _texts(document: Mapping[str, Any]) -> list[Text]:
    clauses = [Words(**clause) for clause in document["clauses"]]
    texts = [_text(document, document["language"], document["title"], clauses)]
    for row in document["translations"]:
        translated = [Words(number=number, **clause) for number, clause in enumerate(row["clauses"], start=1)]
        texts.append(_text(document, row["language"], row["title"], translated))
    return texts


def _text(document: Mapping[str, Any], language: str, title: str, clauses: Sequence[Words]) -> Text:
    authentic, languages = "", document["languages"]
    if len(languages) > 1:
        authentic = authentic_in(language, prevailing(str(document["profile"].get("language", "")), languages))
    return Text(language, direction_of(language), heading_of(language), title, authentic, clauses)


def _alteration(row: Mapping[str, Any]) -> tuple[str, str]:
    place = f"clause {row['number']}" if row["number"] else "the title"
    words = OPERATIONS.get(row["operation"], row["operation"].replace("%", "%%") + " %(number)s %(heading)s")
    return words % {"number": row["number"], "heading": row["heading"], "place": place}, row["text"]


def _table(annex: Mapping[str, Any]) -> Table:
    keys = [column["key"] for column in annex["columns"]]
    rows = [[_cell(row[key]) for key in keys] for row in annex["rows"]]
    return Table(annex["letter"], annex["title"], [column["label"] for column in annex["columns"]], rows)


def _cell(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value) or EMPTY


def _answers(profile: Mapping[str, Any]) -> list[list[str]]:
    rows = [answer_in_words(key, profile[key]) for key in answers_in_order(profile)]
    return [[question, answer or EMPTY] for question, answer in rows]
