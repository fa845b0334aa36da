"""Drafts: what a reader of one sees, and the quotations in it."""
