"""The tokenizer laboratory: several kinds, measured and compared on the same text."""
