"""Abbreviations whose full stop does not end a sentence; lower case, last stop left off.

Written by hand and kept short: Punkt learns the rest from the corpus. Words
that often do end a sentence (etc, inc, a.m) are left out on purpose; Punkt
decides those by what follows.
"""

from __future__ import annotations

TITLES = "mr mrs ms mx dr prof rev hon st sr jr messrs mme mlle gen col maj capt lt cmdr sgt adm brig gov sen rep pres amb fr hr dipl ing"
LATIN = "e.g i.e cf al viz vs ca c resp n.b op cit ibid id sc"
REFERENCES = "no nos nr vol vols pp p pg fig figs eq eqs sec sect ch chap art para paras ed eds trans tab app ref refs ser"
MONTHS = "jan feb mar apr jun jul aug sep sept oct nov dec"
PLACES = "u.s u.k u.n e.u u.s.a d.c mt ft ave blvd rd"
MEASURES = "approx est max min avg dept univ assn bros"
GERMAN = "z.b d.h u.a bzw vgl s.o s.u usw abs bd hrsg"
FRENCH = "p.ex m mm env éd"
VIETNAMESE = "tp ths ts gs pgs bs ks tr th"

ABBREVIATIONS = frozenset(
    " ".join(
        (TITLES, LATIN, REFERENCES, MONTHS, PLACES, MEASURES, GERMAN, FRENCH, VIETNAMESE)
    ).split()
)
