"""HTML and XML: text is translated, tags stay; what is outside comes back byte for byte."""
