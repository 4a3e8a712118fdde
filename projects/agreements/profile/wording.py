"""Answers as an English legal text says them: "thirty (30) days", "the law of France"."""

from datetime import date

from .fields import Answer, Question
from .phrases import PHRASES

# fmt: off
ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on
DAYS = {"entry_date"}


def spoken(question: Question, answer: Answer) -> str:
    """Word an answer for a clause. The text is English whatever language the reader's pages are in."""
    if question.key in DAYS and answer:
        return day_in_words(date.fromisoformat(str(answer)))
    if question.kind != "whole":
        return PHRASES.get(question.key, {}).get(answer, str(answer))
    number = int(answer)
    words = f"{number_in_words(number)} ({number})"
    if not question.unit:
        return words
    return f"{words} {question.unit}" if number == 1 or question.unit == "percent" else f"{words} {question.unit}s"


def day_in_words(day: date) -> str:
    """Write a day as a text has it, without a local order of numbers: 31 January 2027."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def number_in_words(number: int) -> str:
    """Write a whole number from 0 to 999 999 in words: 145 is "one hundred and forty-five"."""
    if not 0 <= number < 1_000_000:
        raise ValueError(f"{number} is not between 0 and 999999.")
    if number < 20:
        return ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens] + (f"-{ONES[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{ONES[hundreds]} hundred" + (f" and {number_in_words(rest)}" if rest else "")
    thousands, rest = divmod(number, 1000)
    joint = " and " if rest < 100 else " "
    return f"{number_in_words(thousands)} thousand" + (f"{joint}{number_in_words(rest)}" if rest else "")
