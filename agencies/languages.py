"""Languages: the codes we know, and their names in the reader's language."""

from __future__ import annotations

from functools import cache, lru_cache

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

# Offered first where somebody says in which language a message is written.
COMMON = ("en", "fr", "es", "ru", "zh-hans", "ar", "ja")
# Spoken at agencies, and not among the languages that Django is translated into.
OWN_NAMES = {"fil": "Filipino", "zh": "中文"}
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
    """`Japanese`, in the reader's language."""
    return str(MORE[code] if code in MORE else get_language_info(code)["name_translated"])


def own_name_of(code: str) -> str:
    """`日本語`, as its speakers write it."""
    return OWN_NAMES.get(code) or str(get_language_info(code)["name_local"])


def choices() -> list[tuple[str, str]]:
    """Every language, by its name in the reader's language."""
    return _choices_in(get_language())


@lru_cache(maxsize=16)
def _choices_in(language: str | None) -> list[tuple[str, str]]:
    return sorted(((code, name_of(code)) for code in codes()), key=lambda choice: choice[1])
