"""The few words that a printed text says about itself, in each language that a text may be written in: data, not interface."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur"})


@dataclass(frozen=True)
class Words:
    """What is said in one language; `name` is the language in English, `own_name` as its speakers write it."""

    name: str
    own_name: str
    clauses: str
    annex: str
    authentic: str
    prevails: str


WORDS = {
    "en": Words(
        "English",
        "English",
        "Clauses",
        "Annex",
        "All texts are equally authentic.",
        "If the texts differ, this one prevails: %(name)s.",
    ),
    "fr": Words(
        "French",
        "Français",
        "Articles",
        "Annexe",
        "Tous les textes font également foi.",
        "En cas de divergence, le texte suivant prévaut : %(name)s.",
    ),
    "es": Words(
        "Spanish",
        "Español",
        "Cláusulas",
        "Anexo",
        "Todos los textos son igualmente auténticos.",
        "En caso de divergencia prevalece este texto: %(name)s.",
    ),
    "ru": Words(
        "Russian",
        "Русский",
        "Статьи",
        "Приложение",
        "Все тексты имеют одинаковую силу.",
        "При расхождении преимущественную силу имеет текст на этом языке: %(name)s.",
    ),
    "zh-hans": Words(
        "Chinese", "简体中文", "条款", "附件", "各种文本具有同等效力。", "如各文本有分歧，以下列文本为准：%(name)s。"
    ),
    "ar": Words(
        "Arabic",
        "العربية",
        "المواد",
        "ملحق",
        "تتساوى جميع النصوص في الحجية.",
        "عند الاختلاف بين النصوص يُعتد بالنص الآتي: %(name)s.",
    ),
    "ja": Words(
        "Japanese",
        "日本語",
        "条項",
        "附属書",
        "すべての本文は、等しく正文とする。",
        "相違がある場合には、次の本文による：%(name)s。",
    ),
    "de": Words(
        "German",
        "Deutsch",
        "Artikel",
        "Anhang",
        "Alle Fassungen sind gleichermaßen verbindlich.",
        "Bei Abweichungen ist diese Fassung maßgebend: %(name)s.",
    ),
    "it": Words(
        "Italian",
        "Italiano",
        "Articoli",
        "Allegato",
        "Tutti i testi fanno ugualmente fede.",
        "In caso di divergenza prevale questo testo: %(name)s.",
    ),
    "pt": Words(
        "Portuguese",
        "Português",
        "Cláusulas",
        "Anexo",
        "Todos os textos fazem igualmente fé.",
        "Em caso de divergência, prevalece este texto: %(name)s.",
    ),
    "ko": Words(
        "Korean",
        "한국어",
        "조항",
        "부속서",
        "모든 본문은 동등하게 정본이다.",
        "해석에 차이가 있는 경우 다음 본문이 우선한다: %(name)s.",
    ),
    "hi": Words(
        "Hindi",
        "हिन्दी",
        "अनुच्छेद",
        "अनुलग्नक",
        "सभी पाठ समान रूप से प्रामाणिक हैं।",
        "पाठों में अंतर होने पर यह पाठ मान्य होगा: %(name)s।",
    ),
}


def words_of(language: str) -> Words:
    """The words in that language; in English, with the code as its name, where nobody has written them."""
    base = language.lower()
    found = WORDS.get(base) or WORDS.get(base.split("-")[0])
    if found is not None:
        return found
    english = WORDS["en"]
    return Words(language, language, english.clauses, english.annex, english.authentic, english.prevails)


def direction(language: str) -> str:
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def prevailing(profile: Mapping[str, object], languages: Sequence[str]) -> str:
    """The one language of the text that the profile names as prevailing; empty when it names several or none."""
    answer = str(profile.get("language", ""))
    named = [code for code in languages if _is_named(answer, words_of(code))]
    return named[0] if len(named) == 1 else ""


def authentic_in(language: str, profile: Mapping[str, object], languages: Sequence[str]) -> str:
    """Which of several texts counts, said in one of their languages; nothing where there is only one text."""
    if len(languages) < 2:
        return ""
    words, first = words_of(language), prevailing(profile, languages)
    return words.prevails % {"name": words_of(first).own_name} if first else words.authentic


def _is_named(answer: str, words: Words) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", answer, re.I) for name in (words.name, words.own_name))
