"""Operations of the library worker, a file for each part of the Corpus tab. No torch."""
