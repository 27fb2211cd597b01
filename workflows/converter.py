"""How data travels to Temporal and back: pydantic, with adapters built once a process.

The SDK's own pydantic converter keeps its adapters per instance, and each workflow run makes an
instance: measured, building them anew cost more than all other work of a run together. It also writes
without an adapter, which takes four times as long.
"""

from dataclasses import is_dataclass
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
    """JSON by pydantic, written and read through the process's own adapters."""

    def to_payload(self, value: Any) -> Payload | None:  # noqa: ANN401
        """Give the payload that holds a value; what is no dataclass of ours is written as the SDK does."""
        if not is_dataclass(value):
            return super().to_payload(value)
        data = adapter(type(value)).dump_json(value)
        return Payload(metadata={"encoding": self.encoding.encode()}, data=data)

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
