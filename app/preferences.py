"""What a user likes: language, theme, layout. Never part of a recipe."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import TerakoyaError
from core.files import FileLock, read_json, write_json
from core.home import Home
from core.planning.energy import CURRENCY, GRID_FACTOR, PRICE_PER_KWH

SCHEMA = 1


class Settings(BaseModel):
    """settings.json. Unknown keys of a newer program are kept."""

    model_config = ConfigDict(extra="allow")

    schema_version: int = SCHEMA
    language: Literal["system", "ja", "en"] = "system"
    theme: Literal["system", "light", "dark"] = "system"
    detail: Literal["plain", "expert"] = "plain"
    text_scale: float = Field(default=1.0, ge=0.9, le=1.5)
    guide_open: bool = True
    shelf_open: bool = True
    window: list[int] = []
    screen: str = "corpus"
    corpus: str = ""
    version: str = ""
    run: str = ""
    chat: str = ""
    unit: Literal["bits", "loss"] = "bits"
    sampling: dict[str, Any] = {}
    closing: Literal["ask", "keep", "pause"] = "ask"
    end_notices: bool = True
    """Whether the system's tray tells of a training that ended while the window was elsewhere."""
    grid_factor: float = Field(default=GRID_FACTOR, ge=0, le=5000, allow_inf_nan=False)
    """Grams of CO₂ for a kilowatt-hour where the user lives; workers read these three too."""
    price_per_kwh: float = Field(default=PRICE_PER_KWH, ge=0, le=1e6, allow_inf_nan=False)
    currency: str = Field(default=CURRENCY, min_length=1, max_length=8)


class Preferences:
    """Reads once; every change merges into the file under a lock, so two programs never clash."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._values = self._read()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._values, name)

    def set(self, **changes: Any) -> None:
        """Remember; a disk that refuses costs the preference, never the work."""
        changed = {k: v for k, v in changes.items() if getattr(self._values, k) != v}
        if not changed:
            return
        try:
            with FileLock(self._home.path / "settings.lock"):
                merged = self._read().model_dump() | changed
                self._values = Settings.model_validate(merged)
                write_json(self._home.settings_file, self._values.model_dump(mode="json"))
        except (OSError, TerakoyaError):
            self._values = self._values.model_copy(update=changed)

    def _read(self) -> Settings:
        """What the file says; a value that does not fit costs itself, not the others."""
        try:
            data = read_json(self._home.settings_file)
        except (OSError, ValueError):
            return Settings()
        if not isinstance(data, dict):
            return Settings()
        try:
            return Settings.model_validate(data)
        except ValidationError as error:
            bad = {fault["loc"][0] for fault in error.errors()}
            return Settings.model_validate({k: v for k, v in data.items() if k not in bad})
