"""What setting up says, in the user's language: there is no translation file before Qt is there."""

from __future__ import annotations

import os
import sys

TEXTS: dict[str, tuple[str, str]] = {
    "begin": (
        "Terakoya is being set up. This happens once and takes some minutes.",
        "寺子屋の準備をしています。はじめの一回だけ、数分かかります。",
    ),
    "mend": (
        "The last setup broke off or something changed. It is being mended.",
        "前回の準備が途中で止まったか、必要なものが変わりました。続きを行います。",
    ),
    "wait": (
        "Another start is setting up Terakoya. Waiting for it …",
        "別の起動が準備をしています。終わるのを待っています…",
    ),
    "venv": (
        "1/3  Making .venv with Python {version}",
        "1/3  Python {version} で .venv を作ります",
    ),
    "rebuild": (
        "     .venv is damaged or belongs to another Python: it is made anew.",
        "     .venv が壊れているか別の Python のものなので、作り直します。",
    ),
    "repair": (
        "     Half-installed packages are installed again: {names}",
        "     入れかけのパッケージを入れ直します: {names}",
    ),
    "torch": ("2/3  torch, {build} ({source})", "2/3  torch（{build}、{source}）"),
    "rest": ("3/3  The other packages", "3/3  そのほかのパッケージ"),
    "unpack": ("     unpacking ...", "     展開しています..."),
    "done": ("Ready after {seconds} s.", "準備ができました（{seconds} 秒）。"),
    "build-cpu": ("built for the processor", "CPU 版"),
    "build-gpu": ("built for NVIDIA GPUs, {build}", "NVIDIA GPU 版 {build}"),
    "build-own": ("as the chosen index has it", "指定された配布元のもの"),
    "build-there": ("the build that is there", "そこにある版"),
    "build-local": ("the wheel kept on this computer", "このパソコンにある wheel"),
    "source-plain": ("pip's usual index", "pip の通常の配布元"),
    "no-gpu": (
        "     nvidia-smi is here but finds no GPU, so the processor's build is taken.",
        "     nvidia-smi はありますが GPU が見つからないので、CPU 版を入れます。",
    ),
    "local-cpu": (
        "     An NVIDIA driver is here, but the wheel {name} is for the processor: the GPU stays "
        "unused. Take the wheel away, or name an index in TERAKOYA_TORCH_INDEX, to use it.",
        "     NVIDIA のドライバーがありますが、{name} は CPU 版なので GPU は使われません。"
        "使うには、この wheel を外すか、TERAKOYA_TORCH_INDEX で配布元を指定してください。",
    ),
    "no-answer": (
        "     {url} does not answer: taking torch from pip's usual index instead.",
        "     {url} が応答しないので、pip の通常の配布元から入れます。",
    ),
    "refused": (
        "     torch could not be installed from {source}: trying the next way.",
        "     {source} から torch を入れられなかったので、別の方法を試します。",
    ),
    "gpu-unused": (
        "     This build may not use the GPU. To try again later: delete the folder .venv and start.",
        "     この版では GPU が使われないことがあります。あとでやり直すには、.venv フォルダーを"
        "削除して起動してください。",
    ),
    "space": (
        "     Only {free} GB are free where .venv goes; about {needed} GB are needed.",
        "     .venv を置くディスクの空きが {free} GB しかありません（約 {needed} GB 必要です）。",
    ),
    "no-venv": (
        "Python {version} on this computer cannot make a .venv, because ensurepip is missing.\n"
        "On Debian or Ubuntu: sudo apt install python3-venv python{version}-venv\n"
        "Then run start.sh again.",
        "この Python {version} には ensurepip がないため、.venv を作れません。\n"
        "Debian や Ubuntu では: sudo apt install python3-venv python{version}-venv\n"
        "そのあと、もう一度 start.sh を実行してください。",
    ),
    "no-write": (
        "Terakoya may not write in {path}. Move its folder to where you may write, and start again.",
        "{path} に書き込めません。フォルダーを書き込める場所へ移してから、もう一度起動してください。",
    ),
    "failed": (
        "Setting up did not work: pip could not install everything. Its last words:",
        "準備ができませんでした。pip がすべてを入れられませんでした。最後の出力:",
    ),
    "failed-next": (
        "Check the network and the free disk space, then start again: it goes on from here.\n"
        "The whole log: {log}",
        "ネットワークとディスクの空きを確かめて、もう一度起動してください。続きから始まります。\n"
        "記録の全体: {log}",
    ),
    "stopped": (
        "Stopped. The next start goes on from here.",
        "止めました。次に起動すると続きから始まります。",
    ),
}


def japanese() -> bool:
    """Whether the user reads Japanese, by the locale or, on Windows, the system's language."""
    chosen = next((v for n in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(n))), "")
    if chosen or sys.platform != "win32":
        return chosen.lower().startswith("ja")
    import ctypes

    return ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == 0x11


def text(key: str, **values: object) -> str:
    """The sentence `key` in the user's language."""
    return TEXTS[key][japanese()].format(**values)


def say(key: str, **values: object) -> None:
    """Print a sentence where progress goes: standard output stays free for `--json`."""
    write(text(key, **values))


def write(line: str) -> None:
    """Print `line` to standard error, in whatever characters the terminal has."""
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(line.encode(encoding, "replace").decode(encoding) + "\n")
    sys.stderr.flush()
