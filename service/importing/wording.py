"""What is wrong with a file or a cell of it, in the reader's language.

Reading a file tells it in English, as programs are told. A sentence that is not known here stays in English.
"""

import re
from functools import cache
from typing import Final

from notifications.wording import N_
from service.refusing import Shapes, by_shape

_WHOLE: Final = (
    N_("is empty; every finding needs it"),
    N_("is empty; each row needs its cycle, or the whole column must go"),
    N_("is empty; a file without cycles needs the date in each row"),
    N_("is empty; name the point"),
    N_("is empty; write 1 or 0"),
    N_("is not an answer; write 1 (non-compliant) or 0 (compliant)"),
    N_("is neither yes nor no"),
    N_("is not a severity; write zero tolerance, critical, major, minor or collaborative"),
    N_("is not a country known by name; write its two-letter ISO 3166 code, such as BD or KH"),
    N_("is not a code; use letters, digits, full stops, hyphens and underscores only"),
    N_("lies in the future; check day, month and year"),
    N_("lies before the assessment; check day, month and year"),
    N_("holds a control character that cannot be shown; remove it"),
    N_("is an error of the spreadsheet's formula; put the value there"),
    N_("stands right of the last heading; put text that holds the separator in double quotes"),
    N_("is not a date; write it as dd/mm/yyyy (day first) or yyyy-mm-dd"),
    N_(
        "looks like a spreadsheet's day number; format the column as a date, or write it as dd/mm/yyyy "
        "(day first) or yyyy-mm-dd"
    ),
    N_("belongs to another programme: its people must not get these findings; import them there"),
    N_("The file is empty."),
    N_("This is neither a CSV nor an XLSX file. Save the sheet as one of the two."),
    N_("This is not an XLSX workbook. Save the sheet as .xlsx or as .csv."),
    N_("This is an old .xls workbook, or one with a password. Save it as .xlsx without one, or as .csv."),
    N_("The workbook is damaged, or is not an XLSX file. Open it and save it again as .xlsx or as .csv."),
    N_(
        "The workbook takes too much memory or time to read. Delete empty rows and columns around the data, "
        "or save the sheet as .csv."
    ),
    N_("The text is neither UTF-8, UTF-16 nor Windows-1252. Save it as CSV UTF-8."),
)
"""Sentences without values: naming them here is what has them translated."""

_SHAPES: Final = {
    "is (?P<number>.+) characters long; shorten it to (?P<most>.+)": N_(
        "is %(number)s characters long; shorten it to %(most)s"
    ),
    "contradicts row (?P<row>.+), which answers the same question otherwise; keep one": N_(
        "contradicts row %(row)s, which answers the same question otherwise; keep one"
    ),
    "repeats row (?P<row>.+): same factory, assessment and question; keep one of them": N_(
        "repeats row %(row)s: same factory, assessment and question; keep one of them"
    ),
    "contradicts row (?P<row>.+), which says otherwise of (?P<factory>.+); make them the same": N_(
        "contradicts row %(row)s, which says otherwise of %(factory)s; make them the same"
    ),
    "is not a status that is known; write one of (?P<known>.+)": N_(
        "is not a status that is known; write one of %(known)s"
    ),
    "is not the cluster of (?P<point>.+); that is (?P<cluster>.+)": N_(
        "is not the cluster of %(point)s; that is %(cluster)s"
    ),
    "is not a compliance point; did you mean '(?P<known>.+)'[?]": N_(
        "is not a compliance point; did you mean '%(known)s'?"
    ),
    "is not a compliance point; known are (?P<known>.+)": N_(
        "is not a compliance point; known are %(known)s"
    ),
    "is not a cluster; did you mean '(?P<known>.+)'[?]": N_("is not a cluster; did you mean '%(known)s'?"),
    "is not a cluster; known are (?P<known>.+)": N_("is not a cluster; known are %(known)s"),
    "is not a day of the calendar .*": N_(
        "is not a day of the calendar; write it as dd/mm/yyyy (day first) or yyyy-mm-dd"
    ),
    "lies before the year (?P<year>.+); write it .*": N_(
        "lies before the year %(year)s; write it as dd/mm/yyyy (day first) or yyyy-mm-dd"
    ),
    "is a factory that is not in the directory: .* one of (?P<countries>.+)": N_(
        "is a factory that is not in the directory: add it there, or name its country, one of %(countries)s"
    ),
    "The file has (?P<size>.+) bytes; at most (?P<most>.+) are read. Split it by factory.": N_(
        "The file has %(size)s bytes; at most %(most)s are read. Split it by factory."
    ),
    "The file has more than (?P<most>.+) rows. Split it by factory.": N_(
        "The file has more than %(most)s rows. Split it by factory."
    ),
    "The workbook unpacks to (?P<size>.+) bytes; at most (?P<most>.+) are read.": N_(
        "The workbook unpacks to %(size)s bytes; at most %(most)s are read."
    ),
    "Line (?P<line>.+): the quotation marks do not match .*": N_(
        "Line %(line)s: the quotation marks do not match. Put a text that holds the separator, a line break "
        "or a quotation mark in double quotes, and double each quotation mark in it."
    ),
    "None of the first .* rows is a header.* at least (?P<columns>.+), and Cycle .*": N_(
        "No row at the top is a header. One row must name the columns: at least %(columns)s, and Cycle or "
        "Assessment date."
    ),
    "The columns (?P<one>.+) and (?P<other>.+) both stand for (?P<column>.+). Rename or remove .*": N_(
        "The columns %(one)s and %(other)s both stand for %(column)s. Rename or remove one of them."
    ),
    "The header lacks: (?P<columns>.+)[.] docs.*": N_("The header lacks: %(columns)s."),
}
"""Sentences with values in them, by their shape."""


def reason_in_words(reason: str) -> str:
    """Give what is wrong with a cell or a file in the language spoken."""
    return by_shape(reason, _shapes())


@cache
def _shapes() -> Shapes:
    return tuple((re.compile(shape), text) for shape, text in _SHAPES.items())
