"""The public HTTP API: LibreTranslate's and DeepL's wire formats over a backend it is given."""
