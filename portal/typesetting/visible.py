"""What a reader must be able to see: every character of a user's text, also those made to hide or deceive."""

import re
import unicodedata

from portal.typesetting.fonts import covered

# Joiners shape Arabic and Indic words and stay; everything else without a form of its own is shown by its number.
JOINERS = {"\u200c", "\u200d", "\ufe0e", "\ufe0f"}
LONG = re.compile(r"[^\s\u2e80-\uffef]{36,}")
STEP = 18


def visible(text: str) -> str:
    """Return the text as it can be printed: hidden, reordering and unknown characters as "[U+202E]".

    Text without spaces gets places where its line may break.
    """
    return LONG.sub(_breakable, "".join(_shown(character) for character in text))


def _shown(character: str) -> str:
    if character in "\n\t" or character == "\xa0":
        return " " if character == "\t" else character
    # SECURITY: Cf holds the bidi controls that make printed words read in another order than they were agreed.
    if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"} and character not in JOINERS:
        return f"[U+{ord(character):04X}]"
    if character not in JOINERS and not character.isspace() and ord(character) not in covered():
        return f"[U+{ord(character):04X}]"
    return character


def _breakable(match: re.Match[str]) -> str:
    run = match[0]
    return "\u200b".join(run[start : start + STEP] for start in range(0, len(run), STEP))
