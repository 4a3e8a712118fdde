"""What outlives the end of an agreement, or the leaving of a party, and until when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.deadlines import months_after
from agencies.models import Agency
from agencies.zones import start_of
from projects.agreements.bound import days_from
from projects.agreements.term import years_later

Clauses = Mapping[str, tuple[int, str]]


@dataclass(frozen=True)
class Survivor:
    """A clause that goes on: what of it, and its last day.

    `until` is None for what has no end of its own, and for what is `counted` from a day that nobody knows yet.
    """

    code: str
    number: int
    heading: str
    what: str | Promise
    until: date | None
    counted: str | Promise = ""


# What lasts as long as the right, the law or the secret it is about does.
WITHOUT_END = (
    ("results", _("Ownership of results")),
    ("joint_results", _("Joint ownership")),
    ("export", _("Export control of what was received")),
)
# Years after the end, by the question of the profile that counts them.
YEARS = (
    ("confidentiality", "confidentiality_years", _("Confidentiality of what was received")),
    ("liability", "survivor_liability_years", _("Liability, and waivers of claims")),
    ("disputes", "survivor_dispute_years", _("Differences of which notice is given by then")),
)
# What a text may let go on by naming it among what continues, without years of its own.
NAMED = (
    ("data_policy", _("Duties on the data, as long as they are kept")),
    ("disputes", _("Differences, as long as a claim can be made")),
)
# A text may say it where its kind has no clause of its own for it.
RETURN = ("return", "survival", "equipment")
RECORDS = ("records", "survival")


def survivors(
    profile: Mapping[str, Any],
    clauses: Clauses,
    ended_on: date,
    *,
    agencies: Iterable[Agency],
    named: Collection[str] = (),
    project_ended_on: date | None = None,
    leaves: bool = False,
) -> list[Survivor]:
    """What continues after the last day of an agreement, or of one party that leaves, in the order of the clauses.

    `clauses` gives number and heading by code, `named` are those that the clause on what continues refers to. `agencies`
    give back goods and data, each by the days that it works. Requests for access are counted from the end of the project,
    or from the day on which a party leaves; while a project goes on after its agreement, they have no last day yet.
    """
    requests_from = ended_on if leaves else project_ended_on
    rows = [
        *_without_end(clauses),
        *_rights(profile, clauses, ended_on),
        *_requests(profile, clauses, requests_from),
        *_years(profile, clauses, ended_on),
        *_named(profile, clauses, named),
        *_returns(profile, clauses, ended_on, agencies),
        *_records(profile, clauses, ended_on),
    ]
    return sorted(rows, key=lambda row: row.number)


def returned_by(profile: Mapping[str, Any], codes: Collection[str], ended_on: date, agency: Agency) -> date | None:
    """The last day on which an agency gives back goods and data that it may no longer use, as the clause on periods counts.

    It is counted from the agency's last day under the text; None where the text gives no days for it.
    """
    if not _clause_of(RETURN, codes) or "data_return_days" not in profile:
        return None
    days = int(profile["data_return_days"])
    return days_from(start_of(ended_on, agency.zone), days, agency=agency, answers=profile).last_day


def _without_end(clauses: Clauses) -> Iterator[Survivor]:
    for code, what in WITHOUT_END:
        if code in clauses:
            yield _row(clauses, code, what, None)


def _rights(profile: Mapping[str, Any], clauses: Clauses, ended_on: date) -> Iterator[Survivor]:
    if "access_exploitation" not in clauses:
        return
    years = int(profile["survivor_ip_years"]) if profile.get("survivor_ip") == "years" else None
    until = years_later(ended_on, years) if years else None
    yield _row(clauses, "access_exploitation", _("Rights of use that were granted"), until)


def _requests(profile: Mapping[str, Any], clauses: Clauses, counted_from: date | None) -> Iterator[Survivor]:
    if "requests" in clauses and "access_request_months" in profile:
        months = int(profile["access_request_months"])
        until = months_after(counted_from, months) if counted_from else None
        counted = "" if until else _("%(months)s months from the end of the project") % {"months": months}
        yield replace(_row(clauses, "requests", _("Requests for exploitation"), until), counted=counted)


def _years(profile: Mapping[str, Any], clauses: Clauses, ended_on: date) -> Iterator[Survivor]:
    for code, key, what in YEARS:
        if code in clauses and key in profile:
            yield _row(clauses, code, what, years_later(ended_on, int(profile[key])))


def _named(profile: Mapping[str, Any], clauses: Clauses, named: Collection[str]) -> Iterator[Survivor]:
    """What the text itself lets go on; where its answers count years for it, those rows say so."""
    counted = {code for code, key, _what in YEARS if key in profile}
    for code, what in NAMED:
        if code in named and code in clauses and code not in counted:
            yield _row(clauses, code, what, None)


def _returns(
    profile: Mapping[str, Any], clauses: Clauses, ended_on: date, agencies: Iterable[Agency]
) -> Iterator[Survivor]:
    """One row where all have the same last day, otherwise one for each day with those whose day it is."""
    code = _clause_of(RETURN, clauses)
    days: dict[date, list[str]] = {}
    for agency in agencies:
        until = returned_by(profile, clauses, ended_on, agency)
        if until is not None:
            days.setdefault(until, []).append(agency.acronym)
    for until, names in sorted(days.items()):
        what: str | Promise = _("Goods are given back, data returned or destroyed")
        if len(days) > 1:
            what = _("Goods are given back, data returned or destroyed: %(agencies)s") % {"agencies": ", ".join(names)}
        yield _row(clauses, code, what, until)


def _records(profile: Mapping[str, Any], clauses: Clauses, ended_on: date) -> Iterator[Survivor]:
    code = _clause_of(RECORDS, clauses)
    if code and "records_years" in profile:
        yield _row(clauses, code, _("Records are kept"), years_later(ended_on, int(profile["records_years"])))


def _clause_of(known: Iterable[str], codes: Collection[str]) -> str:
    """The first of some codes that a text has, "" for none."""
    return next((code for code in known if code in codes), "")


def _row(clauses: Clauses, clause: str, what: str | Promise, until: date | None) -> Survivor:
    number, heading = clauses[clause]
    return Survivor(clause, number, heading, what, until)
