"""Where in a library the words of a quotation may stand."""
