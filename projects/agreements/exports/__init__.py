"""Copies of a text to work with: Word with tracked changes, Markdown, JSON. The sealed PDF and the canonical text prevail."""

from projects.agreements.exports.copies import Copy, copy_of
from projects.agreements.exports.markdown import markdown
from projects.agreements.exports.word import word_file

__all__ = ["Copy", "copy_of", "markdown", "word_file"]
