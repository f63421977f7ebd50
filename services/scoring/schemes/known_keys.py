"""Which words a document may have at a place, told to whoever wrote another one there."""

import difflib
from collections.abc import Sequence
from typing import Any, get_args

from pydantic import BaseModel


def hint(model: type[BaseModel], loc: Sequence[int | str]) -> str:
    """What may have been meant by a word that is not known, or all that there are."""
    known = known_words(model, loc[:-1])
    near = difflib.get_close_matches(str(loc[-1]), known, 1)
    return f"是不是“{near[0]}”？" if near else f"可用：{'、'.join(known)}"


def known_words(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    """The words of whatever stands at a path of keys, places in lists, and names of rules."""
    models = [model]
    for key in loc:
        if isinstance(key, str):
            fields = [m.model_fields[key].annotation for m in models if key in m.model_fields]
            models = (
                models_in(*fields) if fields else [m for m in models if rule_of(m) == key] or models
            )
    return list(dict.fromkeys(word for m in models for word in m.model_fields))


def models_in(*annotations: Any) -> list[type[BaseModel]]:
    """The models that an annotation is made of."""
    found: list[type[BaseModel]] = []
    for one in annotations:
        if isinstance(one, type) and issubclass(one, BaseModel):
            found.append(one)
        else:
            found += models_in(*get_args(one))
    return found


def rule_of(model: type[BaseModel]) -> str:
    """What a model of a union is told by: the name of its rule, or its own."""
    rule = model.model_fields.get("rule")
    return get_args(rule.annotation)[0] if rule else model.__name__
