"""`python -m tests.screenshots`: draws every screen of a really used Terakoya, without a display.

--minutes M   length of the longest training that is pictured (default 2)
--keep DIR    keep the homes in DIR and use them again: quick while a screen is being designed
--out DIR     where the pictures go (default resources/screenshots)
--only NAME   only this scene (may be repeated)
--sizes       also 1100x720 and 960x600 (for the eye of the designer, not for the README)
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.screenshots.scene import ROOT, WORDS, make_home, translated


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots")
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "screenshots")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--sizes", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="terakoya-pictures-") as temporary:
        place: Path = chosen.keep or Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        if not (place / "made").exists():
            print("making a home to picture", flush=True)
            make_home(place / "home", chosen.minutes)
            for words in WORDS:
                translated(place / "home", place / words.code, words)
            (place / "made").touch()
        from tests.screenshots.camera import Camera

        camera = Camera(chosen.out, set(chosen.only), chosen.sizes)
        for words in WORDS:
            camera.picture(place / words.code, place / f"{words.code}-empty", words)
    return 0


if __name__ == "__main__":
    sys.exit(main())
