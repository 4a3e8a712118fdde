"""What is wrong with a library: references that lead nowhere, conditions that nobody can meet, words that are missing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..profile.assembly import FACTS, PLACEHOLDER
from ..profile.kinds import questions_of
from ..profile.questions import GROUPS, Question
from . import Alternate, Clause, Library

MAX_TEXT = 20_000
# Ways to answer the questions of one clause that are tried before it counts as one that can be left out.
MOST = 5_000


def problems(library: Library, kind: str) -> list[str]:
    """Say in words what is wrong, clause by clause; an empty list when nothing is."""
    codes = [clause.code for clause in library.clauses]
    questions = questions_of(kind)
    fleeting = {clause.code for clause in library.clauses if _may_be_left_out(clause, questions)}
    found = [_("%(clause)s: the code stands twice.") % {"clause": code} for code in _repeated(codes)]
    for clause in library.clauses:
        found += [f"{clause.code}: {words}" for words in _of_clause(clause)]
        for place, alternate in enumerate(clause.alternates):
            name = f"{clause.code}/{alternate.code}"
            found += [f"{name}: {words}" for words in _of_alternate(alternate, questions)]
            found += [f"{name}: {words}" for words in _of_references(alternate, set(codes), fleeting - {clause.code})]
            if any(_hides(earlier, alternate) for earlier in clause.alternates[:place]):
                found.append(f"{name}: {_('an earlier alternate is always chosen first.')}")
    return found


def _of_clause(clause: Clause) -> Iterator[str]:
    if not clause.code.strip() or not clause.heading.strip():
        yield _("a clause needs a code and a heading.")
    if clause.group not in {group.key for group in GROUPS}:
        yield _("there is no chapter %(group)s.") % {"group": clause.group}
    if not clause.alternates:
        yield _("a clause needs an alternate.")
    for code in _repeated(one.code for one in clause.alternates):
        yield _("the alternate %(code)s stands twice.") % {"code": code}


def _of_alternate(alternate: Alternate, questions: Mapping[str, Question]) -> Iterator[str]:
    if not alternate.code.strip() or not alternate.label.strip():
        yield _("an alternate needs a code and a label.")
    if not alternate.text.strip():
        yield _("the text is empty.")
    if len(alternate.text) > MAX_TEXT:
        yield _("the text has more than 20,000 characters.")
    if not alternate.note.strip():
        yield _("the note for the negotiator is empty.")
    yield from _of_condition(alternate, questions)
    for name in dict.fromkeys(PLACEHOLDER.findall(alternate.text)):
        if not name.startswith("clause:") and name not in questions and name not in FACTS:
            yield _("the placeholder %(name)s means nothing here.") % {"name": name or "{{}}"}
    if set("{}") & set(PLACEHOLDER.sub("", alternate.text)):
        yield _("braces that are no placeholder stand in the text.")


def _of_references(alternate: Alternate, codes: set[str], fleeting: set[str]) -> Iterator[str]:
    for name in dict.fromkeys(PLACEHOLDER.findall(alternate.text)):
        code = name.removeprefix("clause:")
        if code == name:
            continue
        if code not in codes:
            yield _("there is no clause %(code)s to refer to.") % {"code": code}
        elif code in fleeting:
            yield _("the clause %(code)s can be left out, so nothing may refer to it.") % {"code": code}


def _of_condition(alternate: Alternate, questions: Mapping[str, Question]) -> Iterator[str]:
    for key, value in alternate.when.items():
        if key not in questions:
            yield _("the condition names %(key)s, which is not asked.") % {"key": key}
            continue
        for wanted in value if isinstance(value, list) else [value]:
            try:
                is_an_answer = questions[key].clean(wanted) == wanted
            except ValidationError:
                is_an_answer = False
            if not is_an_answer:
                yield _("%(value)s is no answer to %(key)s.") % {"value": wanted, "key": key}


def _may_be_left_out(clause: Clause, questions: Mapping[str, Question]) -> bool:
    """Whether some answers choose none of its alternates."""
    if any(not alternate.when for alternate in clause.alternates):
        return False
    keys = sorted({key for alternate in clause.alternates for key in alternate.when})
    if any(key not in questions or questions[key].kind in ("whole", "text") for key in keys):
        return True
    offered = [
        [True, False] if not questions[key].choices else [one for one, _label in questions[key].choices] for key in keys
    ]
    if prod(len(answers) for answers in offered) > MOST:
        return True
    return any(clause.alternate_for(dict(zip(keys, answers, strict=True))) is None for answers in product(*offered))


def _hides(earlier: Alternate, later: Alternate) -> bool:
    """Whether all that suits the later suits the earlier; added alternates hide nothing, the latest of them wins."""
    if later.is_added:
        return False
    return all(key in later.when and _values(later.when[key]) <= _values(value) for key, value in earlier.when.items())


def _values(value: object) -> set[str]:
    # By their words: 1 and True are equal to Python.
    return {repr(one) for one in (value if isinstance(value, list) else [value])}


def _repeated(codes: Iterable[str]) -> list[str]:
    return [code for code, times in Counter(codes).items() if times > 1]
