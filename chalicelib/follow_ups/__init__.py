"""What higher capabilities do when a lower one has changed: the one place where news travels upward."""
