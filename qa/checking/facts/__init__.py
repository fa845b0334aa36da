"""Numbers, dates, units and names, and where two sentences differ in them."""
