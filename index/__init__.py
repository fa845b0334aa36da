"""Store and find passages: documents in, scored passages out.

Knows no questions, no settings and no HTTP.
"""
