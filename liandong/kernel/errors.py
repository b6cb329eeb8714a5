"""The three families of errors and their one JSON shape (problem+json, RFC 9457).

Refused  a rule says no: expected, counted, never paged.
Invalid  the input cannot be used: field by field.
Broken   ours: logged with the request id.

A code is `room.reason`, stable for ever; its words in Chinese and English stand in `rulebook/errors.yaml`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import yaml

from liandong.kernel.dictionary import in_words
from liandong.kernel.paths import rulebook_folder


@dataclass(frozen=True)
class FieldError:
    """One field that cannot be used, with the reason as a stable code."""

    field: str
    code: str
    values: dict[str, Any] = dataclasses.field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """This field error as JSON: `{field, code, message, message_en}`."""
        words = catalogue().get(self.code, {})
        return {
            "field": self.field,
            "code": self.code,
            "message": fill(words.get("zh", self.code), self.values, "zh"),
            "message_en": fill(words.get("en", self.code), self.values, "en"),
        }


class LiandongError(Exception):
    """Base of the three families. `code` finds the words; `values` fill their placeholders; `headers` go with it."""

    default_status: ClassVar[int] = 500

    def __init__(
        self,
        code: str,
        *,
        status: int | None = None,
        rule: dict[str, Any] | None = None,
        field_errors: list[FieldError] | None = None,
        **values: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status or int(catalogue().get(code, {}).get("status", self.default_status))
        self.rule = rule
        self.field_errors = field_errors or []
        self.values = values
        self.headers: dict[str, str] = {}

    def __str__(self) -> str:
        return f"{self.code}: {self.title('zh')} / {self.title('en')}"

    def title(self, language: str) -> str:
        """The words for people, in `zh` or `en`; the code itself if it has none."""
        return fill(
            catalogue().get(self.code, {}).get(language, self.code), {"status": self.status, **self.values}, language
        )

    def body(self, request_id: str | None = None) -> dict[str, Any]:
        """The problem+json body, the same shape everywhere."""
        return {
            "type": f"urn:liandong:error:{self.code}",
            "status": self.status,
            "code": self.code,
            "title": self.title("zh"),
            "title_en": self.title("en"),
            "rule": self.rule,
            "field_errors": [error.body() for error in self.field_errors],
            "request_id": request_id,
        }


class Refused(LiandongError):
    """A rule says no: 404 unseen, 403 not yours, 409 wrong state, 410 withdrawn."""

    default_status = 409


class Invalid(LiandongError):
    """The input cannot be used (422); `field_errors` says which fields and why."""

    default_status = 422


class Broken(LiandongError):
    """Something of ours failed (5xx)."""

    default_status = 500


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    """Every error code with its `zh`, `en`, `family` and `status`, as `rulebook/errors.yaml` has it."""
    with (rulebook_folder() / "errors.yaml").open(encoding="utf-8") as file:
        loaded = yaml.load(file, Loader=yaml.CSafeLoader)
    return dict(loaded)


def fill(text: str, values: dict[str, Any], language: str) -> str:
    """`text` with its `{placeholders}` filled; a value that is missing leaves its placeholder in sight."""

    class Kept(dict[str, Any]):
        def __missing__(self, key: str) -> str:
            return "{" + key + "}"

    return text.format_map(Kept({name: in_words(value, language) for name, value in values.items()}))
