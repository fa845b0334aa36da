"""Words: the one door to tantivy, and the one place that turns text into terms."""

from index.lexical.inverted import MOST_PHRASES, LexicalIndex, LexicalQuery, QueryWord, update
from index.lexical.rescore import LexicalScores, hash_sentences, passage_terms, rescore
from index.lexical.terms import UNSPACED, analyze, fold, folded_words, stems, written_words

__all__ = [
    "MOST_PHRASES",
    "UNSPACED",
    "LexicalIndex",
    "LexicalQuery",
    "LexicalScores",
    "QueryWord",
    "analyze",
    "fold",
    "folded_words",
    "hash_sentences",
    "passage_terms",
    "rescore",
    "stems",
    "update",
    "written_words",
]
