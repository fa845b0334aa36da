"""What the elements of HTML are to one who reads the page."""

from __future__ import annotations

SKIPPED = frozenset(
    (
        *("-comment", "-doctype", "head", "title", "script", "style", "template", "noscript"),
        *("iframe", "frame", "frameset", "noframes", "object", "applet", "embed", "noembed"),
        *("audio", "video", "canvas", "svg", "annotation", "annotation-xml", "rp", "rt", "rtc"),
        *("select", "option", "optgroup", "datalist", "textarea", "progress", "meter"),
    )
)
"""Not shown, not text, or beside the text as the pronunciations of ruby are."""

HEADINGS = {f"h{level}": level for level in range(1, 7)}

ASIDE = frozenset(("nav", "aside", "footer", "menu", "dialog"))
"""What stands around the text of a page."""

ASIDE_ROLES = frozenset(
    (
        *("navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar"),
        *("dialog", "alertdialog", "toolbar"),
    )
)
"""The same, said with the attribute `role` of WAI-ARIA."""

PREFORMATTED = frozenset(("pre", "listing", "xmp", "plaintext"))

CONTROLS = frozenset(("a", "button", "label", "legend"))
"""Paragraphs of nothing else are there to be pressed."""

BLOCKS = frozenset(
    (
        *("address", "article", "body", "blockquote", "caption", "center", "dd", "details", "dir"),
        *("div", "dl", "dt", "fieldset", "figcaption", "figure", "form", "header", "hgroup", "hr"),
        *("legend", "li", "main", "ol", "p", "search", "section", "summary", "table", "tbody"),
        *("td", "tfoot", "th", "thead", "tr", "ul"),
        *(HEADINGS | dict.fromkeys(ASIDE | PREFORMATTED)),
    )
)
"""Elements that begin a line of their own and end it, as browsers show them by themselves."""
