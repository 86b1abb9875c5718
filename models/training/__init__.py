"""`python -m models.training`: train a pair from two text files, or fine-tune a model folder."""
