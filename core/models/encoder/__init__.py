"""The one encoder that BERT, RoBERTa and DistilBERT are, each with names and variants of its own."""
