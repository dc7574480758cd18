"""Which device a worker takes, with the GPUs of other machines played to torch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
import torch

from core import accelerators, hardware
from core.errors import DeviceUnusable, UnknownDevice
from core.hardware import Gpu
from core.models.devices import choose_device

GB = 1 << 30


@dataclass
class Machine:
    """The GPUs that torch sees: (name, capability, free bytes, what it says when used)."""

    cuda: str | None = "13.0"
    cards: list[tuple[str, str, int, str]] = field(default_factory=list)
    error: str = ""
    driver: str = "580.95.05"

    def install(self, patch: pytest.MonkeyPatch) -> None:
        seen = [
            Gpu(name, 24 * GB, 24 * GB - free, None, None, None, self.driver, capability)
            for name, capability, free, _ in self.cards
        ]
        patch.setattr(hardware, "gpus", lambda: seen)
        patch.setattr(hardware, "nvidia_on_bus", lambda: len(seen))
        patch.setattr(torch.version, "cuda", self.cuda)
        patch.setattr(torch.cuda, "init", self.init)
        patch.setattr(torch.cuda, "device_count", lambda: len(self.cards))
        patch.setattr(
            torch.cuda, "get_arch_list", lambda: ["sm_75", "sm_80", "sm_90", "compute_90"]
        )
        patch.setattr(torch.cuda, "get_device_properties", self.properties)
        patch.setattr(torch.cuda, "mem_get_info", lambda i: (self.cards[i][2], 24 * GB))
        patch.setattr(torch, "ones", self.ones)

    def init(self) -> None:
        if self.error:
            raise RuntimeError(self.error)

    def properties(self, index: int) -> SimpleNamespace:
        name, capability, _, _ = self.cards[index]
        major, minor = map(int, capability.split("."))
        return SimpleNamespace(name=name, total_memory=24 * GB, major=major, minor=minor)

    def ones(self, size: int, device: str) -> torch.Tensor:
        words = self.cards[int(device.split(":")[1])][3]
        if words:
            raise torch.AcceleratorError(words)
        return torch.zeros(size)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    choose_device.cache_clear()
    yield
    choose_device.cache_clear()


WORKS = ("NVIDIA A", "8.6", 20 * GB, "")
FULL = ("NVIDIA B", "8.6", 200 << 20, "")
OLD = ("NVIDIA C", "6.1", 3 * GB, "")
BUSY = (
    "NVIDIA D",
    "9.0",
    9 * GB,
    "CUDA error: all CUDA-capable devices are busy or unavailable\nmore",
)
BROKEN = ("NVIDIA E", "9.0", 9 * GB, "CUDA error: uncorrectable ECC error encountered\nmore")
ROOMY = ("NVIDIA F", "8.0", 23 * GB, "")
TOO_OLD = "The NVIDIA driver on your system is too old (found version 12040). Please update"


@pytest.mark.parametrize(
    ("cards", "chosen", "said"),
    [
        ([WORKS], "cuda:0", ""),
        ([WORKS, ROOMY], "cuda:1", ""),
        ([FULL, WORKS], "cuda:1", "“NVIDIA B” is not used; “NVIDIA A” is used instead. Its memory is used"),
        ([FULL], "cpu", "Its memory is used by another program: 0.2 of 25.8 GB are free."),
        ([OLD], "cpu", "does not know its generation (6.1)"),
        ([BUSY], "cpu", "Another program has it for itself alone."),
        ([BROKEN], "cpu", "answers with an error (uncorrectable ECC error encountered). Restart"),
        ([], "cpu", ""),
    ],
)  # fmt: skip
def test_the_best_gpu_that_works_is_taken_and_what_is_passed_over_is_said(
    monkeypatch: pytest.MonkeyPatch, cards: list[tuple[str, str, int, str]], chosen: str, said: str
) -> None:
    Machine(cards=cards).install(monkeypatch)
    device, warning = choose_device("auto")
    assert str(device) == chosen
    assert (warning is None) == (said == "")
    if warning is not None:
        assert said in warning.english()
        assert hardware.cpu_name() in warning.english() or chosen != "cpu"


def test_a_driver_that_is_too_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(cards=[WORKS], error=TOO_OLD, driver="550.54").install(monkeypatch)
    device, warning = choose_device("auto")
    assert device.type == "cpu"
    assert warning is not None
    assert "“NVIDIA A” is not used" in warning.english()
    assert "Its driver (550.54) is too old for this PyTorch (CUDA 13.0)." in warning.english()
    with pytest.raises(DeviceUnusable, match="too old"):
        choose_device("cuda")


@pytest.mark.parametrize("wanted", ["cuda", "cuda:0"])
def test_a_device_that_was_asked_for_is_never_replaced(
    monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    Machine(cards=[FULL]).install(monkeypatch)
    with pytest.raises(DeviceUnusable) as caught:
        choose_device(wanted)
    assert str(caught.value) == (
        f"The device {wanted} (NVIDIA B) cannot be used. Its memory is used by another program: 0.2 "
        "of 25.8 GB are free. End that program (nvidia-smi shows it). Or choose the processor "
        "(cpu) as the device."
    )


def test_cuda_is_any_gpu_that_works_and_a_number_is_that_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Machine(cards=[FULL, WORKS]).install(monkeypatch)
    assert choose_device("cuda").device == torch.device("cuda", 1)
    assert choose_device("cuda:1").device == torch.device("cuda", 1)
    with pytest.raises(UnknownDevice, match="Available: cpu, cuda, cuda:0, cuda:1"):
        choose_device("cuda:7")


def test_a_torch_for_the_processor_says_so_where_a_gpu_is(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Gpu("NVIDIA A", 24 * GB, 0, None, None, None, "580.95.05", "8.6")
    monkeypatch.setattr(hardware, "gpus", lambda: [seen])
    monkeypatch.setattr(torch.version, "cuda", None)
    device, warning = choose_device("auto")
    assert device.type == "cpu"
    if accelerators.build_facts().for_gpus:
        pytest.skip("this PyTorch is built for GPUs")
    assert warning is not None
    assert "“NVIDIA A” is not used" in warning.english()
    assert "This PyTorch is built for the processor only." in warning.english()
    with pytest.raises(DeviceUnusable, match="built for the processor only"):
        choose_device("cuda")


def test_the_installed_torch_says_what_it_is_built_for() -> None:
    facts = accelerators.build_facts()
    assert (facts.version, facts.cuda, facts.hip) == (
        torch.__version__, torch.version.cuda, torch.version.hip,
    )  # fmt: skip


def test_the_question_to_torch_is_answered_on_every_machine(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a process of its own asks it; here in this one, which has imported torch already."""
    built = accelerators.build_facts()
    exec(accelerators._QUESTION, {})
    facts = accelerators.facts_of(built, json.loads(capsys.readouterr().out))
    assert (facts.error, len(facts.cards)) == ("", torch.cuda.device_count())
    Machine(cards=[WORKS, BUSY]).install(monkeypatch)
    exec(accelerators._QUESTION, {})
    facts = accelerators.facts_of(built, json.loads(capsys.readouterr().out))
    assert [card.error for card in facts.cards] == ["", BUSY[3]]
    assert facts.cards[0].free == 20 * GB
    Machine(error=TOO_OLD).install(monkeypatch)
    exec(accelerators._QUESTION, {})
    assert accelerators.facts_of(built, json.loads(capsys.readouterr().out)).error == TOO_OLD
