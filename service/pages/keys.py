"""Idempotency keys of forms: made when a form is shown, so that a second click is the same request."""

import re
import uuid

from service.pages.form_data import Data, first

_KEY = re.compile(r"[\x21-\x7e]{1,180}")


def new_key() -> str:
    """Give a key for a form that is about to be shown."""
    return uuid.uuid4().hex


def usable_key(data: Data) -> str:
    """Give the key that a form was shown with; empty where it came without a usable one."""
    key = first(data, "key")
    return key if _KEY.fullmatch(key) else ""
