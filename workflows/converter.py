"""How data travels to Temporal and back: pydantic, with adapters built once a process.

The SDK's own pydantic converter keeps its adapters per instance, and each workflow run makes an
instance: measured, building them anew cost more than all other work of a run together.
"""

from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
)

from storage.codec import adapter


class JsonConverter(PydanticJSONPlainPayloadConverter):
    """JSON by pydantic, decoded through the process's own adapters."""

    def from_payload(self, payload: Payload, type_hint: type[Any] | None = None) -> Any:  # noqa: ANN401
        """Give the value that a payload holds. Raises pydantic's ValidationError."""
        return adapter(type_hint if type_hint is not None else Any).validate_json(payload.data)


_CONVERTERS = tuple(
    JsonConverter() if isinstance(each, JSONPlainPayloadConverter) else each
    for each in DefaultPayloadConverter.default_encoding_payload_converters
)


class Converter(CompositePayloadConverter):
    """The default converters, with JSON by pydantic."""

    def __init__(self) -> None:
        """Take no settings: workers and clients must agree on all of it."""
        super().__init__(*_CONVERTERS)


data_converter = DataConverter(payload_converter_class=Converter)
"""What every client and worker of Mendwork uses."""
