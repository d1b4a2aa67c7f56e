"""What runs in the child process that opens what strangers sent. It imports nothing of the site."""
