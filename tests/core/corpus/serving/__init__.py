"""Operations of the library worker."""
