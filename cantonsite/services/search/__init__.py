"""The search: its words, its index, what a reader asks of it, and what is found."""
