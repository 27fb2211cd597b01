"""The languages letters are written in: their catalogues of translations, their dates, their plurals."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = "en"
TRANSLATED = ("fr", "es")
CATALOGUES = Path(__file__).parent / "translations"
LOCALES = {"en": "en_GB", "fr": "fr", "es": "es"}
"""English letters go to Dhaka and Phnom Penh, not to New York: the day stands before the month."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its two-letter code, and its words for the English ones of our letters."""

    code: str
    words: NullTranslations

    def day(self, day: date) -> str:
        """Give a date with its weekday, as `Thursday 12 March 2026`."""
        return format_date(day, "full", LOCALES[self.code])

    def short_day(self, day: date) -> str:
        """Give a date without its weekday, as `12 March 2026`: for subjects and tables."""
        return format_date(day, "long", LOCALES[self.code])

    def moment(self, instant: datetime, zone: str) -> str:
        """Give an aware instant on the factory's clock (`zone` is an IANA name)."""
        local = instant.astimezone(ZoneInfo(zone))
        clock = format_time(local, "short", locale=LOCALES[self.code])
        return self.say("%(day)s at %(clock)s (factory time)") % {
            "day": self.day(local.date()),
            "clock": clock,
        }

    def say(self, text: str) -> str:
        """Give the translation of an English text of ours."""
        return self.words.gettext(text)

    def listed(self, names: list[str]) -> str:
        """Join names as a sentence does: `manager, advisor and team leader`."""
        return format_list(names, locale=LOCALES[self.code])


@cache
def language(tag: str) -> Language:
    """Give the language of a person's tag (`fr`, `fr-MG`, `es_NI`); English where we have no translation."""
    code = tag.replace("_", "-").split("-")[0].lower()
    if code not in TRANSLATED:
        return Language(SOURCE, NullTranslations())
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    # The standard library reads the compiled form; compiling in memory keeps generated files out of the tree.
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(code, GNUTranslations(compiled))
