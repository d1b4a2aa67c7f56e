"""How much CPU a page costs, beside references in the same run; docs/performance.md says how to read it."""
