"""The languages of letters and pages: their catalogues of translations, their dates, numbers and plurals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_datetime_format
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

SOURCE = "en"
TRANSLATED = ("fr", "es")
"""Complete: a test refuses a text that they lack."""
DRAFTS = ("ar", "bn", "km", "vi", "id")
"""Begun, and marked as drafts until somebody who speaks them has read them; what they lack is in English."""
NAMES = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "ar": "العربية",
    "bn": "বাংলা",
    "km": "ខ្មែរ",
    "vi": "Tiếng Việt",
    "id": "Bahasa Indonesia",
}
"""What each language calls itself, in the order in which a person chooses."""
CATALOGUES = Path(__file__).parent / "translations"
LOCALES = {code: code for code in NAMES} | {"en": "en_GB"}
"""English letters go to Dhaka and Phnom Penh, not to New York: the day stands before the month."""

# The CLDR sets a comma after the weekday, which cannot be told from one between two days of a list.
_WITH_WEEKDAY: Final = {"en": "EEEE d MMMM y"}
_LIST_STYLES: Final[dict[str, Literal["standard", "or"]]] = {"and": "standard", "or": "or"}


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its two-letter code, and its words for the English ones of our letters."""

    code: str
    words: NullTranslations

    @property
    def locale(self) -> str:
        """Its name in the CLDR, which knows its dates, numbers and lists."""
        return LOCALES[self.code]

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Which way it is written, as HTML's `dir` says it."""
        return "rtl" if _parsed(self.code).character_order == "right-to-left" else "ltr"

    @property
    def draft(self) -> bool:
        """Whether nobody who speaks it has read our translations yet."""
        return self.code in DRAFTS

    def day(self, day: date) -> str:
        """Give a date with its weekday, as `Thursday 12 March 2026`."""
        return _date(day, _WITH_WEEKDAY.get(self.code, "full"), self.locale)

    def short_day(self, day: date) -> str:
        """Give a date without its weekday, as `12 March 2026`: for subjects and tables."""
        return _date(day, "long", self.locale)

    def moment(self, instant: datetime, zone: str) -> str:
        """Give an aware instant on the factory's clock (`zone` is an IANA name)."""
        local = instant.astimezone(ZoneInfo(zone))
        clock = _time(local.time(), self.locale)
        return self.say("%(day)s at %(clock)s (factory time)") % {
            "day": self.day(local.date()),
            "clock": clock,
        }

    def clock(self, local: datetime) -> str:
        """Give a wall clock's date and time, as `Thursday 12 March 2026, 09:00`."""
        hour = _time(local.time(), self.locale)
        return _order(self.locale).replace("{0}", hour).replace("{1}", self.day(local.date()))

    def month(self, day: date) -> str:
        """Give the month of a day, as `March 2026`."""
        return _month(day, self.locale)

    def number(self, number: float) -> str:
        """Give a number with the marks of the language, as `1,234.5`."""
        return _number(number, self.locale)

    def percent(self, number: int) -> str:
        """Give a whole percentage, as `40%`."""
        return _percent(number, self.locale)

    def country(self, code: str) -> str:
        """Give the name of a country by its ISO 3166-1 code, or the code where it is not known."""
        return _country(code, self.locale)

    def say(self, text: str) -> str:
        """Give the translation of an English text of ours."""
        # An empty text is the catalogue's key for what stands at its head.
        return self.words.gettext(text) if text else ""

    def say_many(self, one: str, many: str, count: int) -> str:
        """Give the translation of a text in the form that the language has for so many."""
        return self.words.ngettext(one, many, count)

    def listed(self, names: Iterable[str], last: Literal["and", "or"] = "and") -> str:
        """Join names as a sentence does: `manager, advisor and team leader`."""
        return format_list(list(names), _LIST_STYLES[last], locale=_parsed(self.locale))


# Babel reads a pattern anew each time, and one page names the same few days and numbers over and over.
_MOST_KEPT = 4096


@cache
def _parsed(locale: str) -> Locale:
    return Locale.parse(locale)


@lru_cache(_MOST_KEPT)
def _country(code: str, locale: str) -> str:
    name: str = _parsed(locale).territories.get(code, code)
    return name


@lru_cache(_MOST_KEPT)
def _date(day: date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale)


@lru_cache(_MOST_KEPT)
def _time(clock: time, locale: str) -> str:
    return format_time(clock, "short", locale=locale)


@lru_cache(_MOST_KEPT)
def _month(day: date, locale: str) -> str:
    return format_skeleton("yMMMM", day, locale=locale)


@lru_cache(_MOST_KEPT)
def _number(number: float, locale: str) -> str:
    return format_decimal(number, locale=locale)


@lru_cache(_MOST_KEPT)
def _percent(number: int, locale: str) -> str:
    return format_percent(number / 100, locale=locale)


@cache
def _order(locale: str) -> str:
    """Give how a language sets a date (`{1}`) and a time (`{0}`) side by side."""
    return str(get_datetime_format("full", locale)).replace("'", "")


def known(tag: str) -> str | None:
    """Give the two-letter code of a tag (`fr`, `fr-MG`, `es_NI`), or None for a language that we have not."""
    code = tag.strip().replace("_", "-").split("-")[0].lower()
    return code if code in NAMES else None


@cache
def language(tag: str) -> Language:
    """Give the language of a person's tag; English where we have no translation."""
    code = known(tag) or SOURCE
    if code == SOURCE:
        return Language(SOURCE, NullTranslations())
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    # The standard library reads the compiled form; compiling in memory keeps generated files out of the tree.
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(code, GNUTranslations(compiled))
