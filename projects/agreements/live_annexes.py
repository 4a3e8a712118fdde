"""The annexes of a text from the live records of its project, and what these say otherwise than the annexes that were signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from agencies.models import InstrumentKind
from agencies.models.sharing import share_agencies
from projects.agreements.annexes import (
    background_annex,
    contacts_annex,
    contributions_annex,
    results_annex,
    rights_annex,
    third_parties_annex,
)
from projects.agreements.canonical import Annex
from projects.agreements.consolidation import known_text_in_force
from projects.agreements.models import Agreement
from projects.agreements.tree import named_third_parties
from projects.ip.annex import right_rows, rows_by_origin

BACKGROUND, RESULTS, CONTACTS, RIGHTS = "background", "results", "contacts", "rights"
CONTRIBUTIONS = "contributions"
# The tables that are drawn from the register, with the origin of what stands in each.
ORIGINS: Mapping[str, str] = {BACKGROUND: "background", RESULTS: "result"}
# What each kind annexes, in the order of the letters; rights and third parties follow when there are any.
TABLES: Mapping[str, tuple[str, ...]] = {
    InstrumentKind.MEMORANDUM: (CONTRIBUTIONS, CONTACTS),
    InstrumentKind.IP_SHARING: (BACKGROUND, RESULTS, CONTACTS, RIGHTS),
    InstrumentKind.IMPLEMENTING: (CONTRIBUTIONS, CONTACTS),
    InstrumentKind.NDA: (CONTACTS,),
    InstrumentKind.DATA_EXCHANGE: (CONTRIBUTIONS, CONTACTS),
    InstrumentKind.JOINT_OWNERSHIP: (RESULTS, CONTACTS),
    InstrumentKind.ACCESSION: (BACKGROUND, CONTACTS, CONTRIBUTIONS),
}


@dataclass(frozen=True)
class Departure:
    """A row that says something else now: `before` as signed and `after` as it stands, either of them None."""

    letter: str
    title: str
    ref: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def was(self) -> list[str]:
        """The cells as signed that say something else now."""
        return _other_cells(self.before, self.after)

    @property
    def now(self) -> list[str]:
        """The cells as they stand that were signed otherwise."""
        return _other_cells(self.after, self.before)


def annexes_of(agreement: Agreement, *, answers: Mapping[str, Any] | None = None) -> list[Annex]:
    """The annexes as freezing would freeze them now; `answers` are those in force where an amendment changed them."""
    kind, profile, parties = _about(agreement)
    profile = answers or profile
    mode = str(profile.get("background_mode", "positive"))
    tables = TABLES.get(kind, ())
    wanted = {ORIGINS[table]: table == BACKGROUND and mode == "negative" for table in tables if table in ORIGINS}
    known = [party.agency for party in agreement.party_list]
    register = rows_by_origin(agreement.project, wanted, parties=parties, known=known)
    annexes: list[Annex] = []
    for table in tables:
        letter = ascii_uppercase[len(annexes)]
        if table == BACKGROUND:
            annexes.append(background_annex(register[ORIGINS[table]], letter=letter, mode=mode))
        elif table == RESULTS:
            annexes.append(results_annex(register[ORIGINS[table]], letter=letter))
        elif table == CONTRIBUTIONS:
            annexes.append(contributions_annex(_contributions(agreement, parties), letter=letter))
        elif table == CONTACTS:
            annexes.append(contacts_annex(_contacts(agreement, parties), letter=letter))
        elif granted := right_rows(agreement.project, parties=parties):
            annexes.append(rights_annex(granted, letter=letter))
    if third := _third_parties(agreement):
        annexes.append(third_parties_annex(third, letter=ascii_uppercase[len(annexes)]))
    return annexes


def departures(signed: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> list[Departure]:
    """Every row of the annexes that the live records say otherwise: changed, gone, or new; annexes are told by their title."""
    current = {annex["title"]: annex for annex in now}
    found = []
    for annex in [*signed, *(annex for annex in now if annex["title"] not in {was["title"] for was in signed})]:
        was = _rows(annex) if annex in signed else {}
        rows = _rows(current[annex["title"]]) if annex["title"] in current else {}
        found += [
            Departure(annex["letter"], annex["title"], key, was.get(key), rows.get(key))
            for key in [*was, *(key for key in rows if key not in was)]
            if was.get(key) != rows.get(key)
        ]
    return found


def _about(agreement: Agreement) -> tuple[str, Mapping[str, Any], list[str]]:
    """Whose annexes they are: an amendment renews those of the text that it changes, an accession adds the newcomer's."""
    refs = [party.agency.ref for party in agreement.party_list if party.has_not_left]
    if agreement.amends and agreement.parent is not None:
        return agreement.parent.kind, agreement.amended_profile, refs
    if agreement.newcomer is not None and agreement.parent is not None:
        parent = agreement.parent
        answers = known_text_in_force(parent).profile if parent.text is not None else parent.profile
        return agreement.kind, answers, [agreement.newcomer.ref]
    return agreement.kind, agreement.profile, refs


def _other_cells(row: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> list[str]:
    return [str(cell) or "–" for key, cell in (row or {}).items() if other is None or other.get(key) != cell]


def _rows(annex: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The rows of an annex with their cells in the order of its columns, by what tells one from another.

    That is the reference of a record, else what the first two cells say.
    """
    columns = [column["key"] for column in annex["columns"]]
    ordered = [{key: row[key] for key in columns} for row in annex["rows"]]
    return {str(row.get("ref") or " · ".join(str(row[key]) for key in columns[:2])): row for row in ordered}


def _contributions(agreement: Agreement, refs: Sequence[str]) -> list[dict[str, str]]:
    """What each party takes part with, as the project records it: its part, and a condition that the lead took on."""
    rows = agreement.project.parties()
    share_agencies(rows, "agency", known=[party.agency for party in agreement.party_list])
    return [
        {
            "party": participation.agency.acronym,
            "part": "Lead" if participation.agency_id == agreement.project.lead_id else "Partner",
            "condition": participation.condition if participation.condition_accepted_at else "",
        }
        for participation in rows
        if participation.agency.ref in refs
    ]


def _contacts(agreement: Agreement, refs: Sequence[str]) -> list[dict[str, str]]:
    """The office of each party that receives notices: an office, not a person, because people move."""
    return [
        {
            "party": party.agency.acronym,
            "purpose": "Notices and requests",
            "name": f"Project manager, {party.agency_name}",
            "address": f"{party.agency.city}; through the portal, project {agreement.project.ref}",
        }
        for party in agreement.party_list
        if party.agency.ref in refs
    ]


def _third_parties(agreement: Agreement) -> list[dict[str, str]]:
    headings = {clause.code: f"Clause {clause.position} ({clause.heading})" for clause in agreement.clauses.all()}
    # SECURITY: whoever is named stands in the annex that all parties agree to, or could read along unseen.
    rows = reversed(named_third_parties(agreement))
    named = sorted({(row.agency.ref, row.code): row for row in rows}.items())
    return [
        {"agency": row.agency.legal_name, "clause": headings.get(row.code, row.code), "words": row.words}
        for _key, row in named
    ]
