"""Terms that a request wants translated in its own way: found in a text, and looked for again."""
