"""A text divided into sentences, and what stands between them."""
