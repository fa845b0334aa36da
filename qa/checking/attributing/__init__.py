"""Whom a draft names beside a quotation, and whom the source does."""
