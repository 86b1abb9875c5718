"""The command line's parts: what `translate.py` is made of. Imports none of our other packages."""
