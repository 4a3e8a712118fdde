"""Answers that cannot stand beside each other, said at the question that has to change."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from .languages import names_languages_only

Found = Iterator[tuple[str, str]]
WITHOUT_FORCE = ("non_binding", "declaration")


def contradictions(answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Name what contradicts what, keyed by question; questions that a kind does not ask contradict nothing."""
    errors: dict[str, list[str]] = {}
    for rule in RULES:
        for key, message in rule(answers):
            if key in answers:
                errors.setdefault(key, []).append(message)
    return errors


def _publication(answers: Mapping[str, Any]) -> Found:
    notice = answers.get("publication_notice_days", 0)
    if answers.get("publication_objection_days", 0) > notice:
        yield (
            "publication_objection_days",
            _("The time to object must end within the %(days)d days of notice.") % {"days": notice},
        )


def _words_that_are_missing(answers: Mapping[str, Any]) -> Found:
    wanted = {
        "named_law": ("applicable_law", "named", _("Name the law that governs the agreement.")),
        "arbitration_seat": ("final_step", "arbitration", _("Name the place of arbitration.")),
        "lead_exploiter": ("results_ownership", "assign_to_lead", _("Name the party that exploits the results.")),
        "ownership_fields": ("results_ownership", "allocate_by_field", _("Write the field of each party.")),
        "ownership_words": ("results_ownership", "custom", _("Write the rule of ownership.")),
        "liability_cap": ("liability", "cap", _("Name the highest amount with its currency.")),
        "discloser": ("disclosure_direction", "one_way", _("Name the party that discloses.")),
        "entry_named": ("entry_into_force", "named", _("Name the parties that must have signed.")),
        "entry_date": ("entry_into_force", "on_date", _("Name the date of entry into force.")),
    }
    for key, (asked, answer, message) in wanted.items():
        if answers.get(asked) == answer and not answers.get(key):
            yield key, message


def _languages(answers: Mapping[str, Any]) -> Found:
    if not names_languages_only(str(answers.get("language", ""))):
        yield "language", _("Name languages that the portal knows, such as English and French.")


def _entry(answers: Mapping[str, Any]) -> Found:
    if (day := answers.get("entry_date")) and not _is_day(day):
        yield "entry_date", _("Write the date as year, month and day: 2027-01-31.")


def _without_force(answers: Mapping[str, Any]) -> Found:
    if answers.get("binding") not in WITHOUT_FORCE:
        return
    if answers.get("entry_into_force") == "all_ratified":
        yield "entry_into_force", _("A text that does not bind is not ratified.")
    if answers.get("provisional_application"):
        yield "provisional_application", _("A text that does not bind has nothing to apply provisionally.")
    if answers.get("final_step") == "arbitration":
        yield "final_step", _("Nobody can arbitrate on a text that does not bind.")
    if answers.get("applicable_law", "silent") != "silent":
        yield "applicable_law", _("No law governs a text that does not bind.")
    if answers.get("liability", "own") != "own":
        yield "liability", _("A text that does not bind can neither waive nor limit liability.")
    if answers.get("bound_as", "agency") != "agency":
        yield "bound_as", _("A text that does not bind cannot bind a state.")


def _treaty(answers: Mapping[str, Any]) -> Found:
    if answers.get("binding") == "treaty" and answers.get("bound_as") == "agency":
        yield "bound_as", _("A treaty binds states or international organisations, not an agency alone.")
    if answers.get("binding") == "treaty" and answers.get("applicable_law") == "named":
        yield "applicable_law", _("A treaty is governed by international law.")


def _renewal(answers: Mapping[str, Any]) -> Found:
    if answers.get("renewal") == "by_agreement" and answers.get("extension") is False:
        yield "renewal", _("A renewal by agreement is an extension: allow extensions, or choose another renewal.")


def _money(answers: Mapping[str, Any]) -> Found:
    if answers.get("cost_overrun") == "shared" and answers.get("funds_model") == "own_costs":
        yield "cost_overrun", _("If each bears its own costs, an overrun is not shared: consult instead.")


def _is_day(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


RULES: tuple[Callable[[Mapping[str, Any]], Found], ...] = (
    _publication,
    _words_that_are_missing,
    _languages,
    _entry,
    _without_force,
    _treaty,
    _renewal,
    _money,
)
