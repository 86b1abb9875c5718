"""The parts of the default handler: layouts, SentencePiece, CTranslate2."""
