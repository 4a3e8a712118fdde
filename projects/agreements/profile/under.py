"""Whether an agreement stays within the umbrella under which it is made: it cannot widen or outlive it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from .chapters import QUESTIONS
from .fields import Answer, Question


def beyond(child: Mapping[str, Answer], parent: Mapping[str, Answer]) -> dict[str, str]:
    """Name each answer of the child that goes beyond the parent's, with the reason, in the order of the questions.

    Only questions that both answer, and that matter to both, are compared.
    """
    both = [question for key, question in QUESTIONS.items() if key in child and key in parent]
    compared = [question for question in both if question.is_asked(child) and question.is_asked(parent)]
    return {
        question.key: _words(question, parent[question.key])
        for question in compared
        if not _is_within(question, child[question.key], parent[question.key])
    }


def _is_within(question: Question, child: Answer, parent: Answer) -> bool:
    if question.under_parent == "equal":
        return child == parent
    if question.under_parent == "at_most":
        return _rank(question, child) <= _rank(question, parent)
    if question.under_parent == "at_least":
        return _rank(question, child) >= _rank(question, parent)
    return True


def _rank(question: Question, answer: Answer) -> int:
    """Place an answer on its scale; choices that are compared stand from the weakest to the strongest."""
    if question.kind == "choice":
        return [choice for choice, _label in question.choices].index(str(answer))
    return int(answer)


def _words(question: Question, parent: Answer) -> str:
    said = {"answer": question.display(parent)}
    if question.under_parent == "at_most":
        return _("The agreement above says %(answer)s: not more than that.") % said
    if question.under_parent == "at_least":
        return _("The agreement above says %(answer)s: not less than that.") % said
    return _("The agreement above says %(answer)s: the same is needed here.") % said
