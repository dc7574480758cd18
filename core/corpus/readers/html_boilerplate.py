"""Menus, notices and footers among the lines of a page."""

from __future__ import annotations

import re

from core.corpus.readers import html_names
from core.corpus.readers.html_lines import Line

_LINK_RUN = 3
_LONGEST_LINK = 80
_LONGEST_NOTICE = 400
_KEPT_SHARE = 0.05
_WORDING = re.compile(
    r"\b(?:uses?|using|set|accept(?:ing)?|reject|manage|about) (?:all |our |necessary |optional )*cookies?\b"
    r"|\bcookie (?:policy|settings|preferences|notice|consent)\b"
    r"|(?:Cookie|クッキー)\s*(?:（[^）]{0,12}）|\([^)]{0,12}\))?\s*(?:を(?:使用|利用|受け入れ|許可)|の(?:使用|利用|設定)|ポリシー|に同意)"
    r"|^(?:skip|jump) to (?:the )?(?:main )?(?:content|navigation|search)\W*$"
    r"|^(?:メイン|本文|コンテンツ)?(?:コンテンツ)?(?:へ|に)(?:スキップ|移動|ジャンプ)(?:する)?$"
    r"|^(?:share|tweet|pin|post)(?: (?:this|it|on|via|to|with)\b.{0,40})?$"
    r"|^(?:ツイート|シェア|ポスト|シェアする|ブックマーク|共有する?|この記事を(?:シェア|共有)(?:する)?|.{1,12}で(?:シェア|共有)(?:する)?)$"
    r"|^(?:all rights reserved\.?|copyright ©.{0,80}|©.{0,80}all rights reserved\.?)$",
    re.IGNORECASE,
)
_HINTS = ("ookie", "COOKIE", "クッキー", "kip to", "ump to", "ップ", "移動", "hare", "weet", "ツイート", "シェア", "共有", "opyright", "ights", "ポスト", "ブックマーク")  # fmt: skip


def mark(lines: list[Line]) -> None:
    """Mark the lines that only wording or many links tell; where next to nothing would be left, no
    weak mark counts, and where nothing would, none."""
    for line in lines:
        if not line.mark and len(line.text) <= _LONGEST_NOTICE and _is_notice(line.text):
            line.mark = html_names.CLASS
    _mark_links(lines)
    total = sum(len(line.text) for line in lines)
    kept = sum(len(line.text) for line in lines if not line.mark)
    if kept < total * _KEPT_SHARE:
        for line in lines:
            if line.mark == html_names.CLASS:
                line.mark = 0
    if all(line.mark for line in lines):
        for line in lines:
            line.mark = 0


def _is_notice(text: str) -> bool:
    return any(hint in text for hint in _HINTS) and _WORDING.search(text) is not None


def _mark_links(lines: list[Line]) -> None:
    """Three short lines of links in a row are a menu, and so is a line of three links."""
    run: list[Line] = []
    for line in lines:
        if line.mark:
            continue
        if line.links >= _LINK_RUN and line.linked > 0.6 * len(line.text) <= 180:
            line.mark = html_names.CLASS
        if line.links and line.linked >= 0.8 * len(line.text) and len(line.text) <= _LONGEST_LINK:
            run.append(line)
            continue
        _mark_run(run)
        run = []
    _mark_run(run)


def _mark_run(run: list[Line]) -> None:
    if len(run) >= _LINK_RUN:
        for line in run:
            line.mark = html_names.CLASS
