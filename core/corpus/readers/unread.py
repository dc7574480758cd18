"""Kinds of files that are recognised and not read, and what their owner can do."""

from __future__ import annotations

from core.sentences import N_, Sentence

_DOCUMENTS = {
    ".doc": "DOC", ".dot": "DOC", ".wpd": "WordPerfect", ".jtd": "一太郎", ".jtt": "一太郎",
    ".pages": "Pages", ".sxw": "SXW", ".wps": "Works",
}  # fmt: skip
_BOOKS = {".mobi": "MOBI", ".azw": "AZW", ".azw3": "AZW3", ".kfx": "KFX", ".djvu": "DjVu", ".lit": "LIT"}  # fmt: skip
_SHEETS = {".xls": "XLS", ".xlsx": "XLSX", ".xlsm": "XLSX", ".ods": "ODS", ".numbers": "Numbers"}
_SLIDES = {".ppt": "PPT", ".pptx": "PPTX", ".odp": "ODP", ".key": "Keynote"}
_PICTURES = {
    ".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".gif": "GIF", ".bmp": "BMP", ".tif": "TIFF",
    ".tiff": "TIFF", ".webp": "WebP", ".heic": "HEIC", ".svg": "SVG", ".ico": "ICO", ".psd": "PSD",
}  # fmt: skip
_SOUNDS = {
    ".mp3": "MP3", ".wav": "WAV", ".m4a": "M4A", ".flac": "FLAC", ".ogg": "OGG", ".mp4": "MP4",
    ".mov": "MOV", ".mkv": "MKV", ".avi": "AVI", ".webm": "WebM", ".wma": "WMA", ".aac": "AAC",
}  # fmt: skip
_ARCHIVES = {".7z": "7z", ".rar": "RAR", ".lzh": "LZH", ".lha": "LZH", ".zst": "Zstandard", ".cab": "CAB"}  # fmt: skip
_PROGRAMS = {
    ".exe": "EXE", ".dll": "DLL", ".so": "SO", ".dylib": "DYLIB", ".class": "CLASS", ".pyc": "PYC",
    ".o": "O", ".ttf": "TTF", ".otf": "OTF", ".woff": "WOFF", ".woff2": "WOFF2", ".db": "DB",
    ".sqlite": "SQLite", ".pickle": "Pickle", ".pkl": "Pickle", ".pt": "PyTorch", ".pth": "PyTorch",
    ".bin": "BIN", ".safetensors": "safetensors", ".gguf": "GGUF", ".iso": "ISO", ".dmg": "DMG",
    ".npy": "NPY", ".npz": "NPZ", ".jar": "JAR", ".apk": "APK", ".whl": "WHL",
}  # fmt: skip
_ADVICE = (
    (_DOCUMENTS, N_("Verdicts", "{kind} files are not read: save it as DOCX or as plain text")),
    (_BOOKS, N_("Verdicts", "{kind} books are not read: convert it to EPUB")),
    (_SHEETS, N_("Verdicts", "{kind} tables are not read: save each sheet as CSV")),
    (_SLIDES, N_("Verdicts", "{kind} slides are not read: save them as PDF")),
    (_PICTURES, N_("Verdicts", "a picture ({kind}): pictures have no text to read")),
    (_SOUNDS, N_("Verdicts", "sound or video ({kind}): write it down as text or subtitles first")),
    (_ARCHIVES, N_("Verdicts", "{kind} archives are not opened: unpack it, or pack it as ZIP")),
    (_PROGRAMS, N_("Verdicts", "{kind}: a program's own data, not text")),
)
KINDS = {extension: kind for kinds, _ in _ADVICE for extension, kind in kinds.items()}
"""People's names of the kinds, by extension in lower case with its dot."""


def why(extension: str) -> Sentence | None:
    """Why files with this extension (one of KINDS) are not read, and what helps; else None."""
    for kinds, text in _ADVICE:
        if kind := kinds.get(extension):
            return Sentence("Verdicts", text, {"kind": kind})
    return None
