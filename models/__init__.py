"""Tools for model folders; the folders themselves lie beside these files, one a language pair."""
