"""The clause profile: typed questions, their answers, and the clauses those answers choose and fill."""

from .answers import Difference, clean, defaults, differences
from .assembly import CUSTOM, ClauseText, assemble, check_text, fill, parameters, reference
from .kinds import groups_of, questions_of
from .questions import GROUPS, QUESTIONS, Answer, Group, Question, question

__all__ = [
    "CUSTOM",
    "GROUPS",
    "QUESTIONS",
    "Answer",
    "ClauseText",
    "Difference",
    "Group",
    "Question",
    "assemble",
    "check_text",
    "clean",
    "defaults",
    "differences",
    "fill",
    "groups_of",
    "parameters",
    "question",
    "questions_of",
    "reference",
]
