"""The HTTP service: routes parse, call the engine, and map what it returns."""
