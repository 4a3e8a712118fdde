"""Which languages an answer names in free words: "English and French"."""

import re
from collections.abc import Sequence

from agencies.languages import english_name_of, own_name_of

from ..fixed_words import WORDS

# What else people call them.
MORE = {"中文": "zh-hans", "Simplified Chinese": "zh-hans"}
NAMES = {name.casefold(): code for code in WORDS for name in (english_name_of(code), own_name_of(code))} | {
    name.casefold(): code for name, code in MORE.items()
}
# The longest first: Chinese is a part of Simplified Chinese.
NAMED = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(NAMES, key=len, reverse=True)))})(?!\w)")
BESIDE = {"and", "both", "language", "languages", "the"}


def languages_named(answer: str) -> set[str]:
    """The codes of the languages that the answer names, in English or in their own words; what is unknown is left out."""
    return {NAMES[name] for name in NAMED.findall(answer.casefold())}


def names_languages_only(answer: str) -> bool:
    """Whether the answer names at least one language, and beside languages only words that join them."""
    rest = NAMED.sub(" ", answer.casefold())
    return bool(languages_named(answer)) and set(re.findall(r"\w+", rest)) <= BESIDE


def prevailing(answer: str, languages: Sequence[str]) -> str:
    """The one language of a text that the answer names as prevailing; empty when it names several of them or none."""
    named = languages_named(answer) & set(languages)
    return named.pop() if len(named) == 1 else ""
