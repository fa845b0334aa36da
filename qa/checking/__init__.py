"""Drafts and saved citations, held against the library."""
