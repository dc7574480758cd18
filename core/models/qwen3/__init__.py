"""The default family: decoders that transformers and llama.cpp know as Qwen3."""
