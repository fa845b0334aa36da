"""Saved citations held against the library."""
