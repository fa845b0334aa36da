"""Reports as text, JSON and HTML, and what they come to for scripts."""
