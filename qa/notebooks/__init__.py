"""Notebooks: passages that somebody collected, kept beside the library."""
