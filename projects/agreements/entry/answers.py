"""The answers of a profile about entry into force, as a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from projects.agreements.entry.checking import require_possible
from projects.agreements.entry.facts import PartyFacts
from projects.agreements.entry.grammar import parse, to_json

QUESTION: Final = "entry_into_force"
CUSTOM: Final = "custom"
SIGNED: Final[dict[str, Any]] = {"all_signed": True}

# The question whose answer is to blame when a rule cannot be satisfied.
BLAMED: Final = {
    "k_of_n": "entry_count",
    "named": "entry_named",
    "weighted": "entry_share",
    "days_after_last": "entry_days",
    "on_date": "entry_date",
}


def rule_from(
    answers: Mapping[str, Any],
    parties: Sequence[PartyFacts],
    *,
    acronyms: Mapping[str, str] | None = None,
    stored: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The rule that the answers describe, as it is stored; `custom` keeps the stored one.

    `acronyms` gives the reference of a party by its acronym (a reference stands for itself). Raises ValidationError keyed by
    question for a parameter that is missing or wrong, and for a rule that these parties can never satisfy.
    """
    choice = str(answers.get(QUESTION, "all_signed"))
    field = BLAMED.get(choice, QUESTION)
    if choice == CUSTOM:
        written: Mapping[str, Any] = stored or SIGNED
    elif choice in FORMS:
        written = FORMS[choice](answers, {**{party.ref: party.ref for party in parties}, **(acronyms or {})})
    else:
        raise ValidationError({QUESTION: [_("There is no such rule.")]})
    try:
        rule = parse(dict(written))
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error
    require_possible(rule, parties, field=field)
    return to_json(rule)


def _and(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"and": list(parts)}


def _named(answers: Mapping[str, Any], refs: Mapping[str, str]) -> dict[str, Any]:
    by_name = {name.casefold(): ref for name, ref in refs.items()}
    names = list(
        dict.fromkeys(name for typed in str(answers.get("entry_named") or "").split(",") if (name := typed.strip()))
    )
    if not names:
        raise ValidationError({"entry_named": [_("Name the parties whose signatures count, separated by commas.")]})
    if strangers := [name for name in names if name.casefold() not in by_name]:
        # What a page cannot print is not repeated on it.
        printable = ", ".join(strangers).encode(errors="replace").decode()
        raise ValidationError({"entry_named": [_("Not a party: %(names)s.") % {"names": printable}]})
    return {"named": list(dict.fromkeys(by_name[name.casefold()] for name in names))}


def _on_date(answers: Mapping[str, Any], refs: Mapping[str, str]) -> dict[str, Any]:
    typed = str(answers.get("entry_date") or "").strip()
    if not typed:
        raise ValidationError({"entry_date": [_("Say the day, such as 2027-01-01.")]})
    return _and(SIGNED, {"on": typed})


def _whole(answers: Mapping[str, Any], key: str) -> int:
    value = answers.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValidationError({key: [_("Enter a whole number.")]})
    return value


FORMS: Final[dict[str, Callable[[Mapping[str, Any], Mapping[str, str]], dict[str, Any]]]] = {
    "all_signed": lambda answers, refs: SIGNED,
    "all_notified": lambda answers, refs: _and(SIGNED, {"act": "completion", "by": "all"}),
    "all_ratified": lambda answers, refs: _and(SIGNED, {"act": "ratification", "by": "all"}),
    "k_of_n": lambda answers, refs: {"k_of_n": _whole(answers, "entry_count")},
    "named": _named,
    "weighted": lambda answers, refs: {"weighted": {"min": _whole(answers, "entry_share")}},
    "days_after_last": lambda answers, refs: {
        "after": {"event": "last_signature", "days": _whole(answers, "entry_days")}
    },
    "on_date": _on_date,
}
