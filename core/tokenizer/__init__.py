"""Training, loading and saving tokenizers."""
