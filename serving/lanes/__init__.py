"""Segments of all waiting requests, in batches, on as many lanes as there are CPUs."""
