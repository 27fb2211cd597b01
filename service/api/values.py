"""Values in requests, read as the API's document writes them: a day is a text, a number no text."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, StrictBool, StrictInt
from pydantic_core import PydanticCustomError

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written(value: object) -> object:
    """Refuse what pydantic would take for seconds since 1970, or for a midnight."""
    if isinstance(value, date) or (isinstance(value, str) and _WRITTEN.fullmatch(value)):
        return value
    raise PydanticCustomError("date_type", "Write a date as YYYY-MM-DD.")


Day = Annotated[date, BeforeValidator(_written)]
"""A local day as YYYY-MM-DD."""
Flag = StrictBool
Number = StrictInt
