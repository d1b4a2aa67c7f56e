"""What can be done: verbs, and the tools that verbs call."""
