"""Every warning there is; `docs/text.md` says what each means."""

IN_PIECES = "translated_in_pieces"
NUMBERS_CHANGED = "numbers_changed"
SYMBOLS_CHANGED = "symbols_changed"
REPETITION = "repetition"
TRUNCATED = "output_truncated"  # the handler says so
SCRIPT_UNKNOWN = "script_unknown"
UNTRANSLATED = "untranslated"
TERM_INSERTED = "term_inserted"
UNSURE = "unsure"  # of whole texts, by their scores: serving.service.translator
