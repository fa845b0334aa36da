"""Random XML of a format's own elements, in places where no program writes them."""

from __future__ import annotations

from hypothesis import strategies as st


def random_trees(
    names: list[str], attributes: list[str], values: list[str]
) -> st.SearchStrategy[str]:
    """Well-formed XML of these elements, some with attributes and some with text."""
    attribute = st.dictionaries(st.sampled_from(attributes), st.sampled_from(values), max_size=2)
    start = st.tuples(st.sampled_from(names), attribute)
    leaf = st.sampled_from(["", "words", " and ", "&amp;"])

    def element(parts: tuple[tuple[str, dict[str, str]], list[str]]) -> str:
        (name, given), inside = parts
        stated = "".join(f' {key}="{value}"' for key, value in given.items())
        return f"<{name}{stated}>{''.join(inside)}</{name}>"

    return st.recursive(
        leaf,
        lambda inside: st.tuples(start, st.lists(inside, min_size=1, max_size=4)).map(element),
        max_leaves=30,
    )
