"""Word-level differences between two wordings, readable as a lawyer reads a redline."""

import re
from difflib import SequenceMatcher
from typing import Literal

Op = Literal["same", "ins", "del"]
# A word keeps the punctuation and the space that follow it, so that a marked passage reads as a phrase.
TOKEN = re.compile(r"\S+[^\S\n]*\n*|\s+")


def redline(old: str, new: str) -> list[tuple[Op, str]]:
    """List runs of text: "same" and "del" together spell the old wording, "same" and "ins" the new one."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    runs: list[tuple[Op, str]] = []
    # Without autojunk=False a word that is frequent in a long clause would never match.
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(("same", "".join(before[i1:i2])))
            continue
        if i1 < i2:
            runs.append(("del", "".join(before[i1:i2])))
        if j1 < j2:
            runs.append(("ins", "".join(after[j1:j2])))
    return runs
