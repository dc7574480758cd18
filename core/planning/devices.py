"""Devices that a training can be planned for: makers' figures, each with its source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["data centre", "desktop", "apple", "cpu"]


@dataclass(frozen=True, slots=True)
class Device:
    """One device. `tflops`: dense products in bf16 with fp32 sums, in 10¹² operations a second
    (fp16 where the device knows no bf16); `memory` and `bandwidth` in GB and GB/s; `watts`: its
    limit under load."""

    key: str
    name: str
    kind: Kind
    tflops: float
    memory: float
    bandwidth: float
    watts: float
    source: str

    @property
    def memory_bytes(self) -> int:
        return int(self.memory * 1e9)


_BLACKWELL = "NVIDIA RTX Blackwell GPU Architecture white paper (2025)"
_ADA = "NVIDIA Ada GPU Architecture white paper (2022)"
_ADA_LATER = "NVIDIA's product page; tensor rate as in the Ada white paper: twice the fp32 rate"
_AMPERE = "NVIDIA Ampere GA102 GPU Architecture white paper (2020)"
_AMPERE_LATER = (
    "NVIDIA's product page; tensor rate as in the GA102 white paper: twice the fp32 rate"
)
_MAC = "Apple's press release (GPU, fp32); Apple Support: power consumption of Mac mini, Mac Studio"
_MAC_COUNTED = "computed: GPU cores × 128 × 2 × clock, fp32; Apple Support: power consumption"
_COUNTED = "computed: cores × base clock × operations a cycle; maker's data sheet for the rest"

DEVICES: tuple[Device, ...] = (
    # ---- data centre ---------------------------------------------------------------------------
    Device("b200", "NVIDIA B200", "data centre", 2250, 180, 7700, 1000, "NVIDIA DGX B200 data sheet"),
    Device("h200", "NVIDIA H200 SXM", "data centre", 989, 141, 4800, 700, "NVIDIA H200 data sheet"),
    Device("h100", "NVIDIA H100 SXM", "data centre", 989, 80, 3350, 700, "NVIDIA H100 data sheet"),
    Device("h100-pcie", "NVIDIA H100 PCIe", "data centre", 756, 80, 2000, 350, "NVIDIA H100 data sheet"),
    Device("a100-80gb", "NVIDIA A100 80GB SXM", "data centre", 312, 80, 2039, 400, "NVIDIA A100 data sheet"),
    Device("a100-40gb", "NVIDIA A100 40GB SXM", "data centre", 312, 40, 1555, 400, "NVIDIA A100 data sheet"),
    Device("v100", "NVIDIA V100 SXM2 32GB", "data centre", 125, 32, 900, 300, "NVIDIA V100 data sheet (fp16)"),
    Device("l40s", "NVIDIA L40S", "data centre", 362, 48, 864, 350, "NVIDIA L40S data sheet"),
    Device("l4", "NVIDIA L4", "data centre", 121, 24, 300, 72, "NVIDIA L4 data sheet"),
    Device("a10", "NVIDIA A10", "data centre", 125, 24, 600, 150, "NVIDIA A10 data sheet"),
    Device("t4", "NVIDIA T4", "data centre", 65, 16, 320, 70, "NVIDIA T4 data sheet (fp16)"),
    Device("mi300x", "AMD Instinct MI300X", "data centre", 1307, 192, 5300, 750, "AMD Instinct MI300X data sheet"),
    Device("mi250x", "AMD Instinct MI250X", "data centre", 383, 128, 3277, 560, "AMD Instinct MI250X data sheet"),
    # ---- desktop -------------------------------------------------------------------------------
    Device("rtx-5090", "NVIDIA GeForce RTX 5090", "desktop", 209.5, 32, 1792, 575, _BLACKWELL),
    Device("rtx-5080", "NVIDIA GeForce RTX 5080", "desktop", 112.6, 16, 960, 360, _BLACKWELL),
    Device("rtx-4090", "NVIDIA GeForce RTX 4090", "desktop", 165.2, 24, 1008, 450, _ADA),
    Device("rtx-4080", "NVIDIA GeForce RTX 4080", "desktop", 97.5, 16, 717, 320, _ADA),
    Device("rtx-4070", "NVIDIA GeForce RTX 4070", "desktop", 58.3, 12, 504, 200, _ADA_LATER),
    Device("rtx-4060-ti-16gb", "NVIDIA GeForce RTX 4060 Ti 16GB", "desktop", 44.1, 16, 288, 165, _ADA_LATER),
    Device("rtx-4060", "NVIDIA GeForce RTX 4060", "desktop", 30.2, 8, 272, 115, _ADA_LATER),
    Device("rtx-3090", "NVIDIA GeForce RTX 3090", "desktop", 71.2, 24, 936, 350, _AMPERE),
    Device("rtx-3080", "NVIDIA GeForce RTX 3080", "desktop", 59.5, 10, 760, 320, _AMPERE),
    Device("rtx-3060", "NVIDIA GeForce RTX 3060", "desktop", 25.5, 12, 360, 170, _AMPERE_LATER),
    Device("rtx-6000-ada", "NVIDIA RTX 6000 Ada", "desktop", 364.2, 48, 960, 300, "NVIDIA RTX 6000 Ada data sheet"),
    Device("rx-7900-xtx", "AMD Radeon RX 7900 XTX", "desktop", 122.8, 24, 960, 355, "AMD's product page"),
    # ---- Apple ---------------------------------------------------------------------------------
    Device("m1", "Apple M1", "apple", 2.6, 16, 68, 39, _MAC),
    Device("m1-max", "Apple M1 Max", "apple", 10.4, 64, 400, 115, _MAC),
    Device("m1-ultra", "Apple M1 Ultra", "apple", 21.0, 128, 800, 215, _MAC),
    Device("m2", "Apple M2", "apple", 3.6, 24, 100, 50, _MAC),
    Device("m2-ultra", "Apple M2 Ultra", "apple", 27.2, 192, 800, 295, _MAC_COUNTED),
    # ---- processors ----------------------------------------------------------------------------
    Device("epyc-9654", "AMD EPYC 9654, 96 cores", "cpu", 14.7, 384, 461, 360, _COUNTED),
    Device("xeon-8480", "Intel Xeon Platinum 8480+, 56 cores, AMX", "cpu", 229, 512, 307, 350, _COUNTED),
    Device("ryzen-7950x", "AMD Ryzen 9 7950X, 16 cores", "cpu", 4.6, 64, 83, 170, _COUNTED),
    Device("ryzen-5600", "AMD Ryzen 5 5600, 6 cores (fp32)", "cpu", 0.67, 32, 51, 65, _COUNTED),
)  # fmt: skip

_ORNAMENTS = {
    "nvidia",
    "geforce",
    "amd",
    "instinct",
    "radeon",
    "apple",
    "cores",
    "fp32",
    "sxm",
    "sxm2",
}


def _words(name: str) -> set[str]:
    words = re.findall(r"[a-z]+\d+[a-z0-9]*|\d+[a-z]*|[a-z]+\d*", name.casefold())
    return set(words) - _ORNAMENTS


def device_named(name: str) -> Device | None:
    """The entry that a driver's name ("NVIDIA GeForce RTX 4090") means: the one whose words are all
    in it, the most telling first."""
    given = _words(name)
    fitting = [d for d in DEVICES if d.kind != "cpu" and _words(d.key.replace("-", " ")) <= given]
    return max(fitting, key=lambda device: len(_words(device.key.replace("-", " "))), default=None)
