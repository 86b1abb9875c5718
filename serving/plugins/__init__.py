"""Which plugin serves which model, and the models, loaded."""
