"""A text document of any format, read as one of today's, and the parts of it that are data said in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from projects.agreements.entry import grammar, words
from projects.agreements.profile import QUESTIONS


def as_of_today(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with every member that the first format did not have; its bytes stay those that were hashed."""
    parties = [{"bound_as": "", "share": ""} | party for party in document["parties"]]
    later: dict[str, Any] = {
        "languages": [document["language"]],
        "within": [],
        "depositary": "",
        "entry_rule": {},
        "translations": [],
        "amended": [],
    }
    return later | dict(document) | {"parties": parties}


def rule_in_words(document: Mapping[str, Any], *, in_english: bool = False) -> str:
    """When the text enters into force; a rule that the grammar no longer knows is given as it is written."""
    rule = document["entry_rule"]
    if not rule:
        return ""
    names = {party["ref"]: party["legal_name"] for party in document["parties"]}
    try:
        parsed = grammar.parse(rule)
    except ValidationError:
        return json.dumps(rule, ensure_ascii=False, sort_keys=True)
    return words.in_clause(parsed, names) if in_english else words.in_words(parsed, names)


def answer_in_words(key: str, answer: Any) -> tuple[str, str]:
    """A question and its answer, also where the profile does not ask this any more."""
    if key in QUESTIONS:
        return str(QUESTIONS[key].label), QUESTIONS[key].display(answer)
    return key, str(answer)


def answers_in_order(profile: Mapping[str, Any]) -> list[str]:
    """The questions of a profile as they are asked; what nobody asks any more comes last."""
    return [key for key in QUESTIONS if key in profile] + sorted(set(profile) - set(QUESTIONS))


def name_of_depositary(document: Mapping[str, Any]) -> str:
    """The depositary under the name that it has as a party, or its reference."""
    ref = document["depositary"]
    return next((f"{party['legal_name']} ({ref})" for party in document["parties"] if party["ref"] == ref), ref)
