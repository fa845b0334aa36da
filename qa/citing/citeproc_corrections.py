"""Where citeproc-py 0.11 departs from the CSL 1.0.2 specification, put right.

citeproc-py makes an element of a style or locale an object of the class that bears its
name among `CitationStylesElement`'s direct subclasses; of two of one name the later. So
importing this module before a style is loaded is all it takes; each class says what it
corrects. https://docs.citationstyles.org/en/stable/specification.html
"""

# mypy: disable-error-code="misc,no-untyped-call,no-any-return"

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

from citeproc import model
from citeproc.model import CitationStylesElement
from citeproc.source import VariableError
from citeproc.string import NoCase, String

from qa.citing.punctuation import CLOSE_ITALIC, OPEN_ITALIC
from qa.citing.titles import sort_key, title_case


def _italic(text: object) -> str:
    return f"{OPEN_ITALIC}{text}{CLOSE_ITALIC}"


formatter = SimpleNamespace(
    preformat=str,
    Italic=_italic,
    Oblique=_italic,
    **dict.fromkeys(("Bold", "Light", "Underline", "Superscript", "Subscript", "SmallCaps"), str),
)
"""What citeproc-py writes formatted text with: marks, since its HTML leaves data unescaped."""

_SEVERAL = re.compile(r"[0-9ivxlcdm]\s*[-\N{EN DASH},&]\s*[0-9ivxlcdm]", re.IGNORECASE)
_NUMERIC = re.compile(r"[A-Z]*\d+[A-Z]*(?:\s*[-\N{EN DASH},&]\s*[A-Z]*\d+[A-Z]*)*", re.IGNORECASE)


class Label(model.Label, CitationStylesElement):
    """Shown without its variable; Roman numerals never make it plural."""

    def process(
        self,
        item: Any,
        variable: str | None = None,
        plural: bool | None = None,
        context: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Nothing where the variable is not known."""
        named = variable or self.get("variable")
        is_role = variable is not None
        if not is_role and named != "locator" and named.replace("-", "_") not in item.reference:
            raise VariableError
        return super().process(item, variable, plural, context, **kwargs)

    def _is_plural(self, item: Any) -> bool:
        variable = self.get("variable")
        if variable == "locator":
            return bool(_SEVERAL.search(str(item.locator.identifier)))
        return super()._is_plural(item)


class Name(model.Name, CitationStylesElement):
    """initialize="false" is not known; scripts without capitals are mangled by initials."""

    def get_option(self, name: str, context: Any = None, sort_options: Any = None) -> Any:
        """No initials where the style wants names in full."""
        if name == "initialize-with" and self.get("initialize") == "false":
            return None
        return super().get_option(name, context, sort_options)

    def initialize(self, given: str, mark: str, context: Any) -> str:
        """Initials, where the script has capitals."""
        has_capitals = given.lower() != given
        return super().initialize(given, mark, context) if has_capitals else given


class If(model.If, CitationStylesElement):
    """A test of "disambiguate" alone always succeeds; ranges and lists are not numeric."""

    def render(self, item: Any, *args: Any, **kwargs: Any) -> Any:
        """Its branch, unless that is for ambiguous citations."""
        if self.get("disambiguate") == "true" and self.get("match") != "none":
            raise model.ConditionFailed  # one citation at a time is never ambiguous
        return super().render(item, *args, **kwargs)

    def _is_numeric(self, item: Any) -> list[bool]:
        values = (
            item.reference.get(name.replace("-", "_")) for name in self.get("is-numeric").split()
        )
        return [value is not None and bool(_NUMERIC.fullmatch(str(value))) for value in values]


class Else_If(If, CitationStylesElement):  # noqa: N801 - citeproc-py finds it by this name
    """As If."""


class Text(model.Text, CitationStylesElement):
    """Title case knows neither hyphens nor last words, and takes marks for letters."""

    def process(self, item: Any, context: Any = None, **kwargs: Any) -> Any:
        """Notes what was shown, for Substitute."""
        text, language = super().process(item, context, **kwargs)
        if text and "variable" in self.attrib:
            _shown(self, context).append((self.tag, self.get("variable")))
        return text, language

    def case(self, text: Any, language: str | None = None) -> Any:
        """Title case by our own rules."""
        if self.get("text-case") != "title" or language != "en":
            return super().case(text, language)
        parts = text if isinstance(text, list) else [text]
        kept = [isinstance(part, NoCase) for part in parts]
        if any(kept):
            return text
        return String(title_case("".join(map(str, parts))))


class Substitute(model.Substitute, CitationStylesElement):
    """What stands in for names is shown again in its own place, if a macro shows it."""

    def render(self, item: Any, context: Any = None, **kwargs: Any) -> Any:
        """What it shows is not shown again."""
        shown = _shown(self, context)
        before = len(shown)
        text = super().render(item, context=context, **kwargs)
        if text:
            repressed = (context if context is not None else self).get_layout().repressed
            for tag, variable in shown[before:]:
                repressed.setdefault(tag, []).append(variable)
        return text


class Key(model.Key, CitationStylesElement):
    """Marks and accents decide the order: Zola before Émile."""

    def sort_keys(self, items: Any, context: Any) -> list[Any]:
        """Letters only, without accents."""
        found = super().sort_keys(items, context)
        return [key if key is None or isinstance(key, int) else sort_key(str(key)) for key in found]


def _shown(element: Any, context: Any) -> list[tuple[str, str]]:
    """The variables shown so far of an item: kept where citeproc-py keeps those repressed."""
    layout = (context if context is not None else element).get_layout()
    kept: list[tuple[str, str]] = layout.repressed.setdefault("shown", [])
    return kept
