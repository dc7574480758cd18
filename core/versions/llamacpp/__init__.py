"""GGUF as llama.cpp reads it: names, metadata and tokenizers of each architecture. No torch."""
