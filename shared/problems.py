"""What goes wrong, as classes: the name is the code, the docstring the title, then the detail.

Titles and details are read by people and so are Chinese; codes never change.
"""

import re


class Problem(Exception):
    """出错了"""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    @classmethod
    def code(cls) -> str:
        """The class's name in kebab case: `FormulaMistake` → `formula-mistake`."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()

    @classmethod
    def title(cls) -> str:
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0]

    def __str__(self) -> str:
        return f"{self.title()}：{self.detail}"
