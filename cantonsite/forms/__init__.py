"""What is asked: the shape of input. No queries, no network."""
