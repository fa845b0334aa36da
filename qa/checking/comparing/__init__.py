"""A quotation held against a stretch of a source."""
