"""Words for made-up office documents: accents, scripts, quotes, and what markup must escape."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = ["Rice", "grows.", "café", "naïve", "Việt", "東京", "שלום", "“quoted”", "😀", "Straße"]
WORDS += ["–", "1.5%", "<b>&amp;", "{b}", "back\\slash"]

paragraph = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
