"""Differences between two wordings, paragraph by paragraph and then word by word, readable as a lawyer reads a redline."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Literal

Op = Literal["same", "ins", "del"]
Run = tuple[Op, str]
# "same" or "replace", and the slices of both sides that it is about.
Code = tuple[str, int, int, int, int]
# A word keeps the punctuation and the space that follow it, so that a marked passage reads as a phrase.
PLAIN = re.compile(r"\S+[^\S\n]*\n*|\s+")
# Scripts that put no space between words; a redline marks their letters one by one.
UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f"
    "\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
)
# What stands on the letter before it or joins it to the next; no mark of a redline may come between.
MARKS_UNTIL = 0x1E945
JOINERS = "\u200c\u200d"
# Pairs of equal words that are looked at: a long text of few words has millions, and no reader gains from them.
# Without a bound, two clauses of 20,000 characters take minutes.
PAIRS = 50_000
ALL_PAIRS = 400_000
DEPTH = 8


def redline(old: str, new: str) -> list[Run]:
    """List runs of text: "same" and "del" together spell the old wording, "same" and "ins" the new one."""
    if old == new:
        return [("same", old)] if old else []
    before, after = tokens(old), tokens(new)
    return _merged(_by_paragraph(before, after))


def tokens(text: str) -> list[str]:
    """The words of a text with what follows them; letters of scripts without spaces stand alone with their marks."""
    return (PLAIN if text.isascii() else _pattern()).findall(text)


def _by_paragraph(before: list[str], after: list[str]) -> Iterator[Run]:
    allowance = Allowance()
    old, new = _paragraphs(before), _paragraphs(after)
    for tag, i1, i2, j1, j2 in _opcodes(old, new, allowance):
        if tag == "same":
            yield from (("same", paragraph) for paragraph in old[i1:i2])
            continue
        words, others = (tokens("".join(part)) for part in (old[i1:i2], new[j1:j2]))
        for op, a1, a2, b1, b2 in _opcodes(words, others, allowance):
            if op == "same":
                yield "same", "".join(words[a1:a2])
            else:
                yield "del", "".join(words[a1:a2])
                yield "ins", "".join(others[b1:b2])


def _paragraphs(words: list[str]) -> list[str]:
    """The same text in lines: each ends with the word that ends its line."""
    lines, line = [], []
    for word in words:
        line.append(word)
        if word.endswith("\n"):
            lines.append("".join(line))
            line = []
    return [*lines, "".join(line)] if line else lines


class Allowance:
    """How many pairs may still be looked at."""

    def __init__(self) -> None:
        self.left = ALL_PAIRS

    def covers(self, before: Sequence[str], after: Sequence[str]) -> bool:
        counts = Counter(after)
        pairs = sum(counts[word] for word in before)
        if pairs > min(PAIRS, self.left):
            return False
        self.left -= pairs
        return True


def _opcodes(before: Sequence[str], after: Sequence[str], allowance: Allowance) -> Iterator[Code]:
    """What is the same and what is replaced, in order."""
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    x, y = len(before) - tail, len(after) - tail
    yield "same", 0, head, 0, head
    for tag, i1, i2, j1, j2 in _between(before[head:x], after[head:y], allowance, DEPTH):
        yield tag, head + i1, head + i2, head + j1, head + j2
    yield "same", x, len(before), y, len(after)


def _between(old: Sequence[str], new: Sequence[str], allowance: Allowance, depth: int) -> Iterator[Code]:
    """Words that each side has exactly once hold a comparison together that is too long for all pairs."""
    if old and new and allowance.covers(old, new):
        # Without autojunk=False a word that is frequent in a long clause would never match.
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield "same" if tag == "equal" else "replace", i1, i2, j1, j2
        return
    anchors = _anchors(old, new) if depth else []
    if not anchors:
        yield "replace", 0, len(old), 0, len(new)
        return
    x, y = 0, 0
    for i, j in [*anchors, (len(old), len(new))]:
        for tag, i1, i2, j1, j2 in _between(old[x:i], new[y:j], allowance, depth - 1):
            yield tag, x + i1, x + i2, y + j1, y + j2
        if i < len(old):
            yield "same", i, i + 1, j, j + 1
        x, y = i + 1, j + 1


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places of the words that each side has once, as many as keep their order (patience diff)."""
    once, once_again = Counter(old), Counter(new)
    places = {word: place for place, word in enumerate(new) if once_again[word] == 1}
    pairs = [(x, places[word]) for x, word in enumerate(old) if once[word] == 1 and word in places]
    return [pairs[index] for index in kept_in_order([y for _x, y in pairs])]


def kept_in_order(numbers: Sequence[int]) -> list[int]:
    """Indices of a longest increasing run of different numbers (patience sorting, n log n)."""
    heads: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for index, number in enumerate(numbers):
        pile = bisect_left(heads, number)
        previous.append(ends[pile - 1] if pile else -1)
        heads[pile : pile + 1] = [number]
        ends[pile : pile + 1] = [index]
    run = []
    index = ends[-1] if ends else -1
    while index >= 0:
        run.append(index)
        index = previous[index]
    return run[::-1]


def _merged(runs: Iterator[Run]) -> list[Run]:
    """Neighbours of one kind as one run; between two unchanged passages what goes stands before what comes."""
    merged: list[Run] = []
    for is_same, group in groupby((run for run in runs if run[1]), key=lambda run: run[0] == "same"):
        passage = list(group)
        if is_same:
            merged.append(("same", "".join(map(itemgetter(1), passage))))
            continue
        gone, come = ("".join(text for kind, text in passage if kind == op) for op in ("del", "ins"))
        merged += [("del", gone)] if gone else []
        merged += [("ins", come)] if come else []
    return merged


@cache
def _pattern() -> re.Pattern[str]:
    """As PLAIN, for every script; Python's own patterns do not know which characters are marks."""
    marks = JOINERS + "".join(
        re.escape(chr(point)) for point in range(0x300, MARKS_UNTIL) if unicodedata.category(chr(point))[0] == "M"
    )
    mark, alone = f"[{marks}]", f"(?![{marks}])[{UNSPACED}]"
    space = rf"(?:[^\S\n]{mark}*)*(?:\n{mark}*)*"
    return re.compile(rf"(?:{alone}{mark}*|(?:(?!{alone})\S)+){space}|(?:\s{mark}*)+")
