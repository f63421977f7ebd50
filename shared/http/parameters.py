"""Parameters of addresses: what nobody knows, or is there twice, is refused and not guessed."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote_to_bytes

from fastapi._compat import ModelField, field_annotation_is_sequence
from fastapi.dependencies.models import Dependant

from shared.http.field_errors import MAX_ERRORS, FieldError, build_field_problem, shorten
from shared.problems import InvalidRequest

# Escapes, and what stands unescaped in no address.
NOT_PLAIN = re.compile(rb"[^!-$&-~]")
BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
CONTROLS = re.compile(rb"[\x00-\x1f\x7f]")
KnownParameters = Mapping[str, bool]  # by its name, whether a parameter takes several values


def known_parameters(fields: Iterable[ModelField]) -> KnownParameters:
    """The parameters that some fields read."""
    return {
        field.alias: field_annotation_is_sequence(field.field_info.annotation) for field in fields
    }


def query_fields(dependant: Dependant) -> Iterator[ModelField]:
    """The fields of a query that an endpoint and its dependencies read."""
    yield from dependant.query_params
    for inner in dependant.dependencies:
        yield from query_fields(inner)


def check_address(path: bytes, query: bytes) -> None:
    """Raise InvalidRequest for an address, as it was sent, of which a part is no text."""
    wrong = [name for name, part in (("path", path), ("query", query)) if not is_readable(part)]
    if wrong:
        zh = "地址里的 %XX 应为 UTF-8 文字，不含看不见的字符"
        en = "Escapes of UTF-8 are expected in an address, and no control characters."
        errors = [FieldError((name,), "unreadable_address", zh, en) for name in wrong]
        raise build_field_problem(InvalidRequest, errors)


def is_readable(part: bytes) -> bool:
    """Whether a path or a query is text: ASCII with escapes of UTF-8, of nothing unseen."""
    if not NOT_PLAIN.search(part):
        return True
    content = unquote_to_bytes(part)
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return part.isascii() and not BROKEN_ESCAPE.search(part) and not CONTROLS.search(content)


def check_parameters(sent: Iterable[tuple[str, object]], known: KnownParameters) -> None:
    """Raise InvalidRequest for parameters that are unknown, or there twice and take one value."""
    errors = [*find_parameter_errors(sent, known)]
    if errors:
        raise build_field_problem(InvalidRequest, errors)


def find_parameter_errors(
    sent: Iterable[tuple[str, object]], known: KnownParameters
) -> Iterator[FieldError]:
    for index, (name, count) in enumerate(Counter(name for name, _ in sent).items()):
        shown = shorten(name)
        if name not in known:
            zh, en = phrase_nearest(name, known if index < MAX_ERRORS else {})
            zh, en = f"没有参数“{shown}”，{zh}", f"There is no parameter “{shown}”{en}"
            yield FieldError((shown,), "unknown_parameter", zh, en)
        elif count > 1 and not known[name]:
            zh, en = f"参数“{shown}”只写一次", f"The parameter “{shown}” takes one value."
            yield FieldError((shown,), "repeated_parameter", zh, en)


def phrase_nearest(name: str, known: KnownParameters) -> tuple[str, str]:
    """What there is in place of an unknown parameter, in Chinese and in English."""
    if not known:
        return "这里不带参数", "; this takes none."
    for nearest in difflib.get_close_matches(shorten(name).lower(), known, n=1):
        return f"是不是“{nearest}”", f"; is it “{nearest}”?"
    return f"有：{'、'.join(known)}", f"; there are: {', '.join(known)}."
