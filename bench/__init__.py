"""How much CPU a page costs, beside references in the same run. `make bench`; docs/performance.md says how to read it."""
