"""The keys that a document may have at a path, for messages about unknown ones."""

import difflib
from collections.abc import Sequence
from typing import Any, get_args

from pydantic import BaseModel


def suggest_key(model: type[BaseModel], loc: Sequence[int | str]) -> str:
    """A message with the known key nearest to an unknown one, or with all known ones."""
    known = list_known_keys(model, loc[:-1])
    near = difflib.get_close_matches(str(loc[-1]), known, 1)
    return f"是不是“{near[0]}”？" if near else f"可用：{'、'.join(known)}"


def list_known_keys(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    """The keys of the models at a path of keys, indexes in lists, and names of rules."""
    models = [model]
    for key in loc:
        if isinstance(key, str):
            fields = [m.model_fields[key].annotation for m in models if key in m.model_fields]
            models = (
                collect_models(*fields)
                if fields
                else [m for m in models if union_tag(m) == key] or models
            )
    return list(dict.fromkeys(key for m in models for key in m.model_fields))


def collect_models(*annotations: Any) -> list[type[BaseModel]]:
    """The models that an annotation is made of."""
    models: list[type[BaseModel]] = []
    for annotation in annotations:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            models.append(annotation)
        else:
            models += collect_models(*get_args(annotation))
    return models


def union_tag(model: type[BaseModel]) -> str:
    """The tag of a model in a union: the name of its rule, or its own."""
    rule = model.model_fields.get("rule")
    return get_args(rule.annotation)[0] if rule else model.__name__
