"""Everything a clause profile may ask, with the types in which it is asked."""

from .chapters import GROUPS, QUESTIONS, question
from .fields import Answer, Group, Question

__all__ = ["GROUPS", "QUESTIONS", "Answer", "Group", "Question", "question"]
