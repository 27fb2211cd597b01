"""What a country suggests for a factory: time zone, weekly rest and languages.

Each is only a suggestion. Weekly rest and languages are settings of the factory.
"""

from dataclasses import dataclass
from types import MappingProxyType

from remediation.matching import plain

FRIDAY, SUNDAY = 5, 7


@dataclass(frozen=True, slots=True)
class Country:
    """One country's usual settings.

    `code` is ISO 3166-1 alpha-2, `zone` an IANA time zone, `rest_days` ISO weekdays (Monday is 1), and
    `languages` are ISO 639-1 codes, the most usual one first.
    """

    code: str
    name: str
    zone: str
    rest_days: tuple[int, ...]
    languages: tuple[str, ...]
    other_names: tuple[str, ...] = ()


COUNTRIES = MappingProxyType(
    {
        country.code: country
        for country in (
            Country("BD", "Bangladesh", "Asia/Dhaka", (FRIDAY,), ("bn", "en"), ("BGD",)),
            Country("KH", "Cambodia", "Asia/Phnom_Penh", (SUNDAY,), ("km", "en", "zh"), ("KHM", "Cambodge")),
            Country("EG", "Egypt", "Africa/Cairo", (FRIDAY,), ("ar",), ("EGY", "Arab Republic of Egypt")),
            Country("ET", "Ethiopia", "Africa/Addis_Ababa", (SUNDAY,), ("am", "om", "en"), ("ETH",)),
            Country("HT", "Haiti", "America/Port-au-Prince", (SUNDAY,), ("ht", "fr"), ("HTI", "Ayiti")),
            Country("ID", "Indonesia", "Asia/Jakarta", (SUNDAY,), ("id",), ("IDN",)),
            Country("JO", "Jordan", "Asia/Amman", (FRIDAY,), ("ar", "en", "bn", "si", "ne"), ("JOR",)),
            Country("MG", "Madagascar", "Indian/Antananarivo", (SUNDAY,), ("mg", "fr"), ("MDG",)),
            Country("NI", "Nicaragua", "America/Managua", (SUNDAY,), ("es",), ("NIC",)),
            Country("PK", "Pakistan", "Asia/Karachi", (SUNDAY,), ("ur", "en"), ("PAK",)),
            Country("LK", "Sri Lanka", "Asia/Colombo", (SUNDAY,), ("si", "ta", "en"), ("LKA",)),
            Country("UZ", "Uzbekistan", "Asia/Tashkent", (SUNDAY,), ("uz", "ru"), ("UZB",)),
            Country("VN", "Vietnam", "Asia/Ho_Chi_Minh", (SUNDAY,), ("vi",), ("VNM", "Viet Nam")),
        )
    }
)
"""The countries that have defaults here, by code. Poya days of Sri Lanka are among its holidays."""

_ISO_3166 = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
_ISO_CODES = frozenset(_ISO_3166.split())

_BY_NAME = {
    plain(name): country.code
    for country in COUNTRIES.values()
    for name in (country.name, *country.other_names)
}


def country_code(text: str) -> str | None:
    """Give the two-letter code meant by a country's name or code; None when nobody can tell.

    Names are known for the countries that have defaults here, codes for all of ISO 3166-1.
    """
    code = text.strip().upper()
    return code if code in _ISO_CODES else _BY_NAME.get(plain(text))
