"""Text in, text out: what a model must not see or change is taken out and put back."""
