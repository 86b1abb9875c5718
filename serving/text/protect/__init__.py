"""What a model must not change: a rule a file, all of them listed in `rules`."""
