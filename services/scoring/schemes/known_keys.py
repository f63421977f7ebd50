"""Which words a document may have at a place, told to whoever wrote another one there."""

import difflib
from collections.abc import Sequence
from typing import Any, get_args

from pydantic import BaseModel


def suggest_key(model: type[BaseModel], loc: Sequence[int | str]) -> str:
    """What may have been meant by a word that is not known, or all that there are."""
    known = list_known_keys(model, loc[:-1])
    near = difflib.get_close_matches(str(loc[-1]), known, 1)
    return f"是不是“{near[0]}”？" if near else f"可用：{'、'.join(known)}"


def list_known_keys(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    """The words of whatever stands at a path of keys, places in lists, and names of rules."""
    models = [model]
    for key in loc:
        if isinstance(key, str):
            fields = [m.model_fields[key].annotation for m in models if key in m.model_fields]
            models = (
                collect_models(*fields)
                if fields
                else [m for m in models if union_tag(m) == key] or models
            )
    return list(dict.fromkeys(word for m in models for word in m.model_fields))


def collect_models(*annotations: Any) -> list[type[BaseModel]]:
    """The models that an annotation is made of."""
    found: list[type[BaseModel]] = []
    for one in annotations:
        if isinstance(one, type) and issubclass(one, BaseModel):
            found.append(one)
        else:
            found += collect_models(*get_args(one))
    return found


def union_tag(model: type[BaseModel]) -> str:
    """What a model of a union is told by: the name of its rule, or its own."""
    rule = model.model_fields.get("rule")
    return get_args(rule.annotation)[0] if rule else model.__name__
