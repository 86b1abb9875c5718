"""Whether a handler keeps the contract: `python -m conformance MODELS`; docs/handlers.md."""
