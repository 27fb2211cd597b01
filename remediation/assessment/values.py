"""What cells say: dates, answers, yes and no, severities.

Each reader takes the cell's text and gives its meaning, or raises ValueError with the end of a sentence
that begins with the value: what is wrong and how to write it.
"""

import re
from datetime import date
from enum import StrEnum
from functools import lru_cache

from remediation.matching import plain
from remediation.words import Severity

WRITE_A_DATE = "write it as dd/mm/yyyy (day first) or yyyy-mm-dd"
EARLIEST = date(2000, 1, 1)


class Answer(StrEnum):
    """What a question was answered."""

    NON_COMPLIANT = "non_compliant"
    COMPLIANT = "compliant"
    NOT_APPLICABLE = "not_applicable"


_ANSWER_WORDS = {
    Answer.NON_COMPLIANT: (
        "1|yes|y|true|x|nc|non compliant|non compliance|not compliant|fail|finding|violation"
        "|non conforme|no conforme|oui|si"
    ),
    Answer.COMPLIANT: ("0|no|n|false|c|compliant|in compliance|compliance|pass|no finding|none|conforme|non"),
    Answer.NOT_APPLICABLE: "na|n/a|not applicable|not assessed",
}
_YES = "1|yes|y|true|x|oui|si|interview"
_NO = "|0|no|n|false|non|na|document|observation"
_FACT_GATHERING = (
    "fact|facts|fact gathering|fact finding|fact gathering question|fg|information|informational"
)
_SEVERITY_WORDS = {
    Severity.ZERO_TOLERANCE: "zero tolerance|zt|zero tolerance issue|zti",
    Severity.CRITICAL: "critical|high|severe|priority",
    Severity.MAJOR: "major|medium|moderate",
    Severity.MINOR: "minor|low",
    Severity.COLLABORATIVE: "collaborative|collaborative action required",
}


def _words(joined: str) -> frozenset[str]:
    return frozenset(plain(word) for word in joined.split("|"))


_ANSWERS = {word: answer for answer, joined in _ANSWER_WORDS.items() for word in _words(joined)}
_SEVERITIES = {word: severity for severity, joined in _SEVERITY_WORDS.items() for word in _words(joined)}
_YES_WORDS, _NO_WORDS, _FACT_WORDS = _words(_YES), _words(_NO), _words(_FACT_GATHERING)


@lru_cache(maxsize=1024)
def read_answer(text: str) -> Answer:
    """Read whether a question was answered non-compliant: 1, yes, non-compliant; 0, no, compliant; n/a."""
    answer = Answer.NOT_APPLICABLE if text.strip() == "-" else _ANSWERS.get(plain(text))
    if answer is None:
        message = (
            "is not an answer; write 1 (non-compliant) or 0 (compliant)" if text else "is empty; write 1 or 0"
        )
        raise ValueError(message)
    return answer


@lru_cache(maxsize=1024)
def read_yes(text: str) -> bool:
    """Read yes or no; an empty cell is no."""
    word = plain(text)
    if word not in _YES_WORDS and word not in _NO_WORDS:
        message = "is neither yes nor no"
        raise ValueError(message)
    return word in _YES_WORDS


def is_fact_gathering(question_type: str) -> bool:
    """Whether a question's type says that it gathers facts and is not scored."""
    return plain(question_type) in _FACT_WORDS


@lru_cache(maxsize=1024)
def read_severity(text: str) -> Severity:
    """Read a severity by its name, or as the High, Medium and Low of corrective-action trackers."""
    severity = _SEVERITIES.get(plain(text))
    if severity is None:
        message = "is not a severity; write zero tolerance, critical, major, minor or collaborative"
        raise ValueError(message)
    return severity


@lru_cache(maxsize=4096)
def read_date(text: str) -> date:
    """Read dd/mm/yyyy (also with - or . between) or ISO yyyy-mm-dd, with or without a time after it.

    A month is never guessed: 03/25/2026 is refused, and 03/04/2026 is the third of April.
    """
    day_first = re.fullmatch(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", text)
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?", text)
    if day_first:
        return _date(int(day_first[4]), int(day_first[3]), int(day_first[1]))
    if iso:
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    raise ValueError(_not_a_date(text))


def _date(year: int, month: int, day: int) -> date:
    try:
        when = date(year, month, day)
    except ValueError:
        message = f"is not a day of the calendar (day {day}, month {month}); {WRITE_A_DATE}"
        raise ValueError(message) from None
    if when < EARLIEST:
        message = f"lies before the year {EARLIEST.year}; {WRITE_A_DATE}"
        raise ValueError(message)
    return when


def _not_a_date(text: str) -> str:
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return f"looks like a spreadsheet's day number; format the column as a date, or {WRITE_A_DATE}"
    return f"is not a date; {WRITE_A_DATE}"
