"""What needs the built image is collected by `make test-image` only, which builds it."""

import os

if "IMAGE_UNDER_TEST" not in os.environ:
    collect_ignore = ["built"]
