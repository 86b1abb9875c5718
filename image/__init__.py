"""Build the container image and push it, with whichever builder the machine has."""
