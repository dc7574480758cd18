"""The sample corpus: little stories and questions, all ours, and the generator that composes them."""
