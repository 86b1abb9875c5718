"""A request to its answer: a place, a model, its texts asked for and joined."""
