"""Collected by `make test-convert` only: torch and Transformers are hundreds of megabytes."""

import os

if "MODELS_EXTRA" not in os.environ:
    collect_ignore_glob = ["test_*.py"]
