"""What outlives the end of an agreement, or the leaving of a party, and until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.deadlines import months_after
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
# A text may say it where its kind has no clause of its own for it.
RETURN = ("return", "survival", "data_policy")
RECORDS = ("records", "survival")


def survivors(
    profile: Mapping[str, Any],
    clauses: Clauses,
    ended_on: date,
    *,
    project_ended_on: date | None = None,
    leaves: bool = False,
) -> list[Survivor]:
    """What continues after the last day of an agreement, or of one party that leaves, in the order of the clauses.

    `clauses` gives number and heading by code. Requests for access are counted from the end of the project, or from the
    day on which a party leaves; while a project goes on after its agreement, they have no last day yet.
    """
    requests_from = ended_on if leaves else project_ended_on
    rows = [
        *_without_end(clauses),
        *_rights(profile, clauses, ended_on),
        *_requests(profile, clauses, requests_from),
        *_years(profile, clauses, ended_on),
        *_to_do(profile, clauses, ended_on),
    ]
    return sorted(rows, key=lambda row: row.number)


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


def _to_do(profile: Mapping[str, Any], clauses: Clauses, ended_on: date) -> Iterator[Survivor]:
    code = next((code for code in RETURN if code in clauses), "")
    if code and "data_return_days" in profile:
        until = ended_on + timedelta(days=int(profile["data_return_days"]))
        yield _row(clauses, code, _("Goods are given back, data returned or destroyed"), until)
    code = next((code for code in RECORDS if code in clauses), "")
    if code and "records_years" in profile:
        yield _row(clauses, code, _("Records are kept"), years_later(ended_on, int(profile["records_years"])))


def _row(clauses: Clauses, code: str, what: str | Promise, until: date | None) -> Survivor:
    number, heading = clauses[code]
    return Survivor(code, number, heading, what, until)
