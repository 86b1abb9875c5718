"""Files of text: what in them is to be translated, and the same file with it translated."""
