"""Carrying what an amendment changes over to a text that was amended meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from projects.agreements.drafts import Draft


@dataclass(frozen=True)
class Carried:
    """The draft on the newer text, with the clauses and the answers that the amendment keeps changing."""

    draft: Draft
    kept: list[str]
    answers: list[str]


def carried_over(base: Mapping[str, Any], mine: Draft, newest: Draft) -> Carried:
    """Merge three texts: the frozen document an amendment started from, the amendment, and the text in force now.

    What the amendment leaves as it was follows the newer text. What it changes stays: answers, words, headings, clauses of
    its own, clauses left out, and the place of a clause that it moved.
    """
    amended = next(iter(base.get("amended", ())), None) or base
    old = {clause["code"]: (clause["heading"], clause["text"]) for clause in amended["clauses"]}
    answers = {key: value for key, value in mine.profile.items() if value != amended["profile"].get(key, value)}
    result = newest.answer(answers) if answers else newest
    now = {clause.code: clause for clause in mine.clauses}
    kept = [code for code in old if code not in now]
    for code in kept:
        if code in _codes(result) and len(_codes(result)) > 1:
            result = result.remove(code)
    own: dict[str, str] = {}
    for clause in mine.clauses:
        if clause.code in old:
            if old[clause.code] == (clause.heading, clause.text):
                continue
            if mine.departs(clause.code):
                result = _reworded(result, mine, clause.code)
                kept.append(clause.code)
            elif clause.code in result.custom:
                result = result.restore(clause.code)  # the amendment had put the model's words back
                kept.append(clause.code)
            continue
        if not mine.departs(clause.code):
            continue  # drawn by an answer, which was carried over
        code = own[clause.code] = _free(clause.code, result, set(old))
        result = result.add(code, clause.heading, clause.template, _neighbour(clause.code, mine, result, own))
        kept.append(code)
    return Carried(_moved(result, list(old), mine), sorted(kept), sorted(answers))


def _reworded(result: Draft, mine: Draft, code: str) -> Draft:
    """The words of the amendment in a clause; one that the newer text dropped comes back where it stood."""
    clause = mine.clause(code)
    if code in _codes(result):
        return result.reword(code, clause.template, clause.heading)
    if code in result.left_out:
        return result.restore(code).reword(code, clause.template, clause.heading)
    return result.add(code, clause.heading, clause.template, _neighbour(code, mine, result, {}))


def _moved(result: Draft, old: list[str], mine: Draft) -> Draft:
    """Put each clause that the amendment moved after the neighbour that it gave it."""
    order = [code for code in _codes(mine) if code in old]
    was = [code for code in old if code in order]
    if order == was:
        return result
    for code in order:
        if code in _codes(result):
            after = _neighbour(code, mine, result, {})
            if after != code:
                result = result.move(code, after)
    return result


def _neighbour(code: str, mine: Draft, result: Draft, own: Mapping[str, str]) -> str:
    """The nearest clause before it in the amendment that the result has too; "" when none does."""
    codes, there = _codes(mine), set(_codes(result))
    before = [own.get(earlier, earlier) for earlier in codes[: codes.index(code)]]
    return next((earlier for earlier in reversed(before) if earlier in there), "")


def _free(code: str, result: Draft, known: set[str]) -> str:
    """A code that neither text has: two amendments may each have called their first own clause the same."""
    taken = {*_codes(result), *result.left_out, *known}
    if code not in taken:
        return code
    return next(name for number in range(1, len(taken) + 2) if (name := f"own-{number}") not in taken)


def _codes(draft: Draft) -> list[str]:
    return [clause.code for clause in draft.clauses]
