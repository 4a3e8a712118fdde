"""The few words that a printed text says about itself, in each language that a text may be written in: data, not interface."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import capfirst

from agencies.languages import own_name_of


@dataclass(frozen=True)
class Words:
    """What is said in one language."""

    clauses: str
    authentic: str
    prevails: str


WORDS = {
    "en": Words(
        "Clauses",
        "All texts are equally authentic.",
        "If the texts differ, this one prevails: %(name)s.",
    ),
    "fr": Words(
        "Articles",
        "Tous les textes font également foi.",
        "En cas de divergence, le texte suivant prévaut : %(name)s.",
    ),
    "es": Words(
        "Cláusulas",
        "Todos los textos son igualmente auténticos.",
        "En caso de divergencia prevalece este texto: %(name)s.",
    ),
    "ru": Words(
        "Статьи",
        "Все тексты имеют одинаковую силу.",
        "При расхождении преимущественную силу имеет текст на этом языке: %(name)s.",
    ),
    "zh-hans": Words(
        "条款",
        "各种文本具有同等效力。",
        "如各文本有分歧，以下列文本为准：%(name)s。",
    ),
    "ar": Words(
        "المواد",
        "تتساوى جميع النصوص في الحجية.",
        "عند الاختلاف بين النصوص يُعتد بالنص الآتي: %(name)s.",
    ),
    "ja": Words(
        "条項",
        "すべての本文は、等しく正文とする。",
        "相違がある場合には、次の本文による：%(name)s。",
    ),
    "de": Words(
        "Artikel",
        "Alle Fassungen sind gleichermaßen verbindlich.",
        "Bei Abweichungen ist diese Fassung maßgebend: %(name)s.",
    ),
    "it": Words(
        "Articoli",
        "Tutti i testi fanno ugualmente fede.",
        "In caso di divergenza prevale questo testo: %(name)s.",
    ),
    "pt": Words(
        "Cláusulas",
        "Todos os textos fazem igualmente fé.",
        "Em caso de divergência, prevalece este texto: %(name)s.",
    ),
    "ko": Words(
        "조항",
        "모든 본문은 동등하게 정본이다.",
        "해석에 차이가 있는 경우 다음 본문이 우선한다: %(name)s.",
    ),
    "hi": Words(
        "अनुच्छेद",
        "सभी पाठ समान रूप से प्रामाणिक हैं।",
        "पाठों में अंतर होने पर यह पाठ मान्य होगा: %(name)s।",
    ),
}


def words_of(language: str) -> Words:
    """The words in that language; in English where nobody has written them."""
    base = language.lower()
    return WORDS.get(base) or WORDS.get(base.split("-")[0]) or WORDS["en"]


def heading_of(language: str) -> str:
    """The name of a language as it heads the text that is written in it."""
    return capfirst(own_name_of(language))


def authentic_in(language: str, prevailing: str) -> str:
    """Which of several texts counts, said in one of their languages; `prevailing` is empty where they all do."""
    words = words_of(language)
    return words.prevails % {"name": heading_of(prevailing)} if prevailing else words.authentic
