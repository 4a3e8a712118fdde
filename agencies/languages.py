"""Languages: the codes we know, their names, and how they are written."""

from __future__ import annotations

from functools import cache, lru_cache

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

# Offered first where somebody says in which language a message is written.
COMMON = ("en", "fr", "es", "ru", "zh-hans", "ar", "ja")
# As speakers write them within a sentence. Texts in these languages are signed, and what is printed of them must read the
# same after a new release of Django; the last two are spoken at agencies, and Django is not translated into them.
OWN_NAMES = {
    "en": "English",
    "fr": "français",
    "es": "español",
    "ru": "русский",
    "zh-hans": "简体中文",
    "ar": "العربية",
    "ja": "日本語",
    "de": "Deutsch",
    "it": "italiano",
    "pt": "português",
    "ko": "한국어",
    "hi": "हिन्दी",
    "fil": "Filipino",
    "zh": "中文",
}
# An English text has one Chinese: which script it is written in is seen.
ENGLISH_NAMES = {"zh-hans": "Chinese", "fil": "Filipino", "zh": "Chinese"}
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "fa", "he", "ug", "ur"})
MORE: dict[str, Promise] = {"fil": gettext_lazy("Filipino"), "zh": gettext_lazy("Chinese")}


@cache
def codes() -> tuple[str, ...]:
    """Languages, not the ways in which countries write them; Chinese has two scripts that readers choose between."""
    known = {code for code, facts in LANG_INFO.items() if "name" in facts and "-" not in code}
    return tuple(sorted(known | MORE.keys() | {"zh-hans", "zh-hant"}))


def validate(code: str) -> None:
    if code not in codes():
        raise ValidationError(_("Choose a language of the list."), code="language")


def name_of(code: str) -> str:
    """`Japanese`, in the reader's language; a language that nobody knows is named by its code."""
    return str(MORE[code] if code in MORE else _known(code, "name_translated"))


def own_name_of(code: str) -> str:
    """`日本語`, as its speakers write it."""
    return OWN_NAMES.get(code.lower()) or _known(code, "name_local")


def english_name_of(code: str) -> str:
    """`Japanese`, whatever the reader's language is."""
    return ENGLISH_NAMES.get(code.lower()) or _known(code, "name")


def direction_of(code: str) -> str:
    """How its words run, as the `dir` attribute says it."""
    return "rtl" if code.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def tag_of(code: str) -> str:
    """The tag of the `lang` attribute, its script written with a capital."""
    base, *rest = code.split("-")
    return "-".join([base, *(part.title() if len(part) == 4 else part for part in rest)])


def choices() -> list[tuple[str, str]]:
    """Every language, by its name in the reader's language."""
    return _choices_in(get_language())


def _known(code: str, name: str) -> str:
    try:
        return str(get_language_info(code)[name])
    except KeyError:
        return code


@lru_cache(maxsize=16)
def _choices_in(language: str | None) -> list[tuple[str, str]]:
    return sorted(((code, name_of(code)) for code in codes()), key=lambda choice: choice[1])
