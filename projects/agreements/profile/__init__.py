"""The clause profile: typed questions, their answers, and the clauses those answers choose and fill."""

from .answers import Difference, clean, defaults, differences
from .assembly import ClauseText, assemble, check_text, fill, parameters
from .ip_sharing import GROUPS, QUESTIONS, question
from .questions import Answer, Group, Question

__all__ = [
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
    "parameters",
    "question",
]
