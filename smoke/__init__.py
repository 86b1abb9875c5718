"""A deployment proves itself: asked from outside, as its callers ask it."""
