"""Low-rank adapters: small matrices that are trained beside a base that stays as it is."""
