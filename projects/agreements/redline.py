"""Differences between two wordings, paragraph by paragraph and then word by word, readable as a lawyer reads a redline."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import Match, SequenceMatcher
from functools import cache
from itertools import accumulate, chain, groupby
from operator import itemgetter
from typing import Literal

Op = Literal["same", "ins", "del"]
Run = tuple[Op, str]
# "same" or "replace", and the slices of both sides that it is about.
Code = tuple[str, int, int, int, int]
# A word keeps the punctuation and the space that follow it, so that a marked passage reads as a phrase.
PLAIN = re.compile(r"\S+[^\S\n]*\n*|\s+")
# Scripts that put no space between words, as first and last code point; a redline marks their letters one by one.
UNSPACED = (
    (0x0E00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
    (0xA960, 0xA97F), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF),
)  # fmt: skip
# What stands on the letter before it or joins it to the next; no mark of a redline may come between.
MARKS = (0x300, 0x1E944)
JOINERS = "\u200c\u200d"
# SECURITY: steps of work, about ten million a second. Two clauses of 20,000 characters that whoever proposes them chose
# for it take minutes without a bound, and no reader gains from it.
STEPS = 1_000_000
ALL_STEPS = 2_000_000
# For all the comparisons of one page or one file together.
STEPS_OF_A_PAGE = 10_000_000
DEPTH = 8
# Of what stays, about this many characters are shown beside a change, in whole words.
AROUND = 60
LEFT_OUT = "… "


def redline(old: str, new: str, allowance: Allowance | None = None) -> list[Run]:
    """List runs of text: "same" and "del" together spell the old wording, "same" and "ins" the new one.

    Whoever compares many texts at once gives one allowance for all; where it ends, words are marked as replaced.
    """
    if old == new:
        return [("same", old)] if old else []
    before, after = tokens(old), tokens(new)
    return _merged(_by_paragraph(before, after, allowance or Allowance()))


def around_changes(runs: Sequence[Run]) -> list[Run]:
    """The same redline with what stays left out, but for some words on either side of each change; "…" stands for the rest."""
    last = len(runs) - 1
    return [
        (op, text if op != "same" else _shortened(text, before=index > 0, after=index < last))
        for index, (op, text) in enumerate(runs)
    ]


def _shortened(text: str, *, before: bool, after: bool) -> str:
    """What stands directly after the change `before` it and directly before the one `after` it."""
    words = tokens(text)
    head = _some(words) if before else ""
    tail = _some(words, from_the_end=True) if after else ""
    is_whole = not (before or after) or len(head) + len(tail) + len(LEFT_OUT) >= len(text)
    return text if is_whole else f"{head}{LEFT_OUT}{tail}"


def _some(words: list[str], *, from_the_end: bool = False) -> str:
    lengths = list(accumulate(len(word) for word in (reversed(words) if from_the_end else words)))
    count = bisect_left(lengths, AROUND) + 1
    return "".join(words[-count:] if from_the_end else words[:count])


def tokens(text: str) -> list[str]:
    """The words of a text with what follows them; letters of scripts without spaces stand alone with their marks."""
    return (PLAIN if text.isascii() else _pattern()).findall(text)


def _by_paragraph(before: list[str], after: list[str], allowance: Allowance) -> Iterator[Run]:
    lines = _paragraphs(before), _paragraphs(after)
    old, new = (["".join(line) for line in side] for side in lines)
    for tag, i1, i2, j1, j2 in _opcodes(old, new, allowance):
        if tag == "same":
            yield from (("same", paragraph) for paragraph in old[i1:i2])
            continue
        words, others = list(chain(*lines[0][i1:i2])), list(chain(*lines[1][j1:j2]))
        for op, a1, a2, b1, b2 in _opcodes(words, others, allowance):
            if op == "same":
                yield "same", "".join(words[a1:a2])
            else:
                yield "del", "".join(words[a1:a2])
                yield "ins", "".join(others[b1:b2])


def _paragraphs(words: list[str]) -> list[list[str]]:
    """The same words in lines: each ends with the word that ends its line."""
    lines: list[list[str]] = [[]]
    for word in words:
        lines[-1].append(word)
        if word.endswith("\n"):
            lines.append([])
    return [line for line in lines if line]


class Allowance:
    """How many steps comparisons may still take."""

    def __init__(self, steps: int = ALL_STEPS) -> None:
        self.left = steps

    def covers(self, steps: int) -> bool:
        """Whether so many steps may be taken; they are counted then."""
        if steps > self.left:
            return False
        self.left -= steps
        return True


class TooLongError(Exception):
    """A comparison would take more steps than it may."""


class Measured(SequenceMatcher[str]):
    """A comparison that is charged for what it does: for each passage that it finds it looks at all that is left to it.

    Neither the words nor their equal pairs say before how often that is: once for a balanced text, for each second word
    of another.
    """

    def __init__(self, before: Sequence[str], after: Sequence[str], allowance: Allowance) -> None:
        # Without autojunk=False a word that is frequent in a long clause would never match.
        super().__init__(None, before, after, autojunk=False)
        counts = Counter(after)
        self.reached = [0, *accumulate(1 + counts[word] for word in before)]
        self.allowance = allowance
        # One that is given up leaves as much to the search for what holds the texts together.
        self.floor = allowance.left - min(STEPS, allowance.left // 2)

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        """As its base does it; raises TooLongError before the first step too many."""
        steps = self.reached[-1 if ahi is None else ahi] - self.reached[alo]
        if self.allowance.left - steps < self.floor:
            raise TooLongError
        self.allowance.left -= steps
        return super().find_longest_match(alo, ahi, blo, bhi)


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
    if set(old).isdisjoint(new):
        yield "replace", 0, len(old), 0, len(new)
        return
    try:
        found = Measured(old, new, allowance).get_opcodes()
    except TooLongError:
        pass
    else:
        yield from (("same" if tag == "equal" else "replace", i1, i2, j1, j2) for tag, i1, i2, j1, j2 in found)
        return
    anchors = _anchors(old, new) if depth and allowance.covers(len(old) + len(new)) else []
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
    mark = f"[{JOINERS}{_ranges([MARKS], of_marks=True)}]"
    alone = _ranges(UNSPACED, of_marks=False)
    space = rf"(?:[^\S\n]{mark}*)*(?:\n{mark}*)*"
    return re.compile(rf"(?:[{alone}]{mark}*|[^\s{alone}]+){space}|(?:\s{mark}*)+")


def _ranges(spans: Iterable[tuple[int, int]], *, of_marks: bool) -> str:
    """The marks among code points, or all others but spaces, for use in a class of a pattern."""
    found = []
    for first, last in spans:
        points = range(first, last + 1)
        for is_wanted, group in groupby(points, lambda point: _is_mark(point) == of_marks and not chr(point).isspace()):
            run = list(group)
            if is_wanted:
                found.append(rf"\U{run[0]:08x}-\U{run[-1]:08x}")
    return "".join(found)


def _is_mark(point: int) -> bool:
    return unicodedata.category(chr(point))[0] == "M"
