"""A training's health in words, from nothing but its numbers. Knows no torch.

A false alarm is worse than a late one: every rule asks for more than the noise of the numbers it
looks at, and for being true twice in a row, before it says anything.
"""

from __future__ import annotations

import math
import statistics
from collections import deque
from collections.abc import Callable
from dataclasses import astuple, dataclass, field, replace
from typing import Any

from core.sentences import Sentence
from core.training.findings import ORDER, STOPS_ITSELF, Finding, finding

WINDOW = 64
"""Steps that the quick rules look at; fewer while the run is young."""
_LEAST_WINDOW = 16
MANY_PASSES = 4
"""Beyond which a text read again teaches little (Muennighoff et al. 2023)."""
_SURE = 2
_EARLY, _JUMP = 4, 6.0
_SPEEDS, _SPEEDS_LEAST = 240, 6
_SPEED_DROPPED, _SPEED_BACK = 0.6, 0.75
_BUSY = 0.25
_OF_NOW = ("slow", "throttled")
_WORSE = frozenset({"overfitting", "worse-early"})


@dataclass(frozen=True, slots=True)
class Run:
    """What is known of a run before it begins.

    Attributes:
        start_loss: A blind guess's: ln(vocabulary), nats per token.
        test_every: Steps from one test on unseen text to the next.
        fresh: Whether the weights begin untrained.
        train_tokens: Of the text; a pass reads all of them.
        warmup: Steps over which the learning rate rises.
        patience: Worse tests in a row after which it stops by itself; 0: it never does.
        held_out: Whether tests are on text that is not learnt.
    """

    start_loss: float
    test_every: int
    fresh: bool
    train_tokens: int
    warmup: int
    patience: int = 0
    held_out: bool = True


@dataclass(frozen=True, slots=True)
class Test:
    """A test on unseen text. Losses in nats per token; `noise` is what chance alone can change
    of the difference to the best; `train` is the mean training loss since the test before."""

    step: int
    unseen: float
    noise: float
    train: float | None
    tokens: int
    factor: float


@dataclass
class Past:
    """What the quick rules remember of earlier windows: how many, the lowest loss (a median) with
    its spread, the highest loss, the calmest gradient norm; and whether the loss or the gradient
    jumped while the rate rose."""

    windows: int = 0
    lowest: float = math.inf
    spread: float = 0.0
    highest: float = -math.inf
    calm: float = math.inf
    jumped: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The machine now. `others`: share of all cores, 0–1, that other programs keep busy;
    `swapping`: memory goes to the disk; `hot`: it slows itself down for heat."""

    others: float | None = None
    swapping: bool = False
    hot: bool = False


@dataclass
class Health:
    """Fed with every step, every test and, now and then, the machine; says what it finds."""

    run: Run
    _window: deque[tuple[float, float]] = field(
        default_factory=lambda: deque[tuple[float, float]](maxlen=WINDOW)
    )
    _past: Past = field(default_factory=lambda: Past())
    _tests: list[Test] = field(default_factory=list[Test])
    _since_test: list[float] = field(default_factory=lambda: [0.0, 0.0])
    _held: dict[str, int] = field(default_factory=dict[str, int])
    _found: dict[str, Finding] = field(default_factory=dict[str, Finding])
    _speeds: deque[float] = field(default_factory=lambda: deque[float](maxlen=_SPEEDS))

    def findings(self) -> list[Finding]:
        """The most important first; `learning` only where nothing speaks against it."""
        found = list(self._found.values())
        if any(f.code == "slow-hot" for f in found):
            found = [f for f in found if f.code != "throttled"]
        if any(f.level in ("warn", "bad") and not f.code.startswith("slow") for f in found):
            found = [f for f in found if f.code != "learning"]
        if _WORSE & self._found.keys():
            found = [f for f in found if f.code != "plateau"]
        if "diverging" in self._found:
            found = [f for f in found if f.code not in ("rate-high", "plateau", *_WORSE)]
        if self.run.patience:
            stops = Sentence("Health", STOPS_ITSELF, {"count": self.run.patience})
            found = [replace(f, advice=stops) if f.code == "overfitting" else f for f in found]
        return sorted(found, key=lambda f: ORDER[f.level])

    def at_the_end(self) -> list[Finding]:
        """Of the whole run: without what was of the moment, and with what the next can do better."""
        found = [f for f in self.findings() if f.code.split("-")[0] not in _OF_NOW]
        best = min((t.unseen for t in self._tests), default=math.inf)
        if not found and len(self._tests) > 3 and min(t.unseen for t in self._tests[-3:]) == best:
            found = [
                finding("learning", self.run.held_out)
            ]  # The last small steps alone were within the noise.
        if self._past.jumped and not any(f.level == "bad" for f in found):
            found = [finding("rate-high"), *(f for f in found if f.code != "rate-high")]
        return [f.after() for f in found]

    def worse_in_a_row(self) -> int:
        """Tests up to now that were worse than the best before them, beyond chance, while the text
        that is read became better known. Before the rate falls, only what a fall would not mend
        counts; and nothing where tests are on what is learnt."""
        count = 0
        if not self.run.held_out:
            return 0
        for number, test in enumerate(self._tests):
            if not number:
                continue
            share = 0.01 if test.factor < 0.9 else 0.03
            best = min(self._tests[:number], key=lambda t: t.unseen)
            count = count + 1 if _by_heart(test, best, share) else 0
        return count

    # ---- what it is fed with -----------------------------------------------------------------

    def add(self, step: int, loss: float, norm: float, factor: float) -> None:
        """A step: training loss, gradient norm before clipping, share of the peak rate."""
        if not (math.isfinite(loss) and math.isfinite(norm)):
            return
        self._window.append((loss, norm))
        self._since_test[0] += loss
        self._since_test[1] += 1
        if step % self._stride == 0 and len(self._window) >= _LEAST_WINDOW:
            self._check_steps(step, factor)

    def test(self, step: int, unseen: float, noise: float, tokens: int, factor: float) -> None:
        """A test on unseen text, `tokens` having been read so far."""
        if not math.isfinite(unseen):
            return
        total, count = self._since_test
        train = total / count if count else None
        self._since_test = [0.0, 0.0]
        self._tests.append(Test(step, unseen, noise, train, tokens, factor))
        self._check_tests()

    def rolled_back(self, step: int, to: int) -> None:
        """The run went back from `step`; its state of then has been loaded."""
        self._found["rolled-back"] = finding("rolled-back", step=step, to=to)

    def pulse(self, speed: float, reading: Reading) -> None:
        """Tokens a second lately and the machine, at even intervals of some seconds."""
        self._hold("throttled", reading.hot, lambda: finding("throttled"))
        if speed <= 0:
            return
        usual = statistics.median(self._speeds) if len(self._speeds) >= _SPEEDS_LEAST else speed
        share = speed / usual
        slow = share < (_SPEED_BACK if "slow" in self._found else _SPEED_DROPPED)
        if not slow:
            self._speeds.append(speed)
        self._hold("slow", slow, lambda: finding(_why(reading), percent=round(100 * share)))

    # ---- rules on steps ----------------------------------------------------------------------

    @property
    def _stride(self) -> int:
        return max(8, self.run.test_every // 4)

    def _check_steps(self, step: int, factor: float) -> None:
        losses, norms = zip(*self._window, strict=True)
        loss, norm = statistics.median(losses), statistics.median(norms)
        past = self._past
        past.windows += 1
        if loss < past.lowest:
            past.lowest, past.spread = loss, statistics.pstdev(losses)
        past.highest = max(past.highest, loss)
        if step > self.run.warmup + WINDOW:
            past.calm = min(past.calm, norm)
        learned = max(self.run.start_loss if self.run.fresh else 0.0, past.highest) - past.lowest
        beyond = max(0.3, 0.25 * learned, 4 * past.spread)
        blind = self.run.fresh and loss > 1.1 * self.run.start_loss + 0.5
        runs_away = blind or loss - past.lowest > beyond
        self._hold("diverging", runs_away, lambda: finding("diverging"))
        if self.run.fresh and past.windows <= _EARLY:
            past.jumped |= sorted(losses)[-3] > self.run.start_loss + 0.1
            past.jumped |= sorted(norms)[-2] > _JUMP * norm
        # Gradients that grow and jump from step to step where they should calm down.
        restless = norm > 2 * past.calm and max(norms) > 1.6 * norm
        too_high = factor >= 0.5 and (past.jumped or restless)
        self._hold("rate-high", too_high, lambda: finding("rate-high"))

    # ---- rules on tests ----------------------------------------------------------------------

    def _check_tests(self) -> None:
        now, best = self._tests[-1], min(self._tests, key=lambda t: t.unseen)
        worse = now.unseen - best.unseen
        heart = self.run.held_out and _by_heart(now, best)
        percent = max(1, round(100 * worse / best.unseen)) if best.unseen > 0 else 1
        passes = now.tokens / max(1, self.run.train_tokens)
        # What was read once at most cannot be known by heart.
        why = "overfitting" if passes >= 1 else "worse-early"
        for code in _WORSE:
            self._hold(
                code, heart and code == why,
                lambda code=code: finding(code, percent=percent, step=best.step),
            )  # fmt: skip
        self._hold(
            "data-small", self._small(passes), lambda: finding("data-small", passes=round(passes))
        )
        flat = self._flat_since()
        self._hold(
            "plateau", flat >= max(5, len(self._tests) // 4) and not self._blind(),
            lambda: finding("plateau", self.run.held_out, count=flat),
        )  # fmt: skip
        enough = len(self._tests) >= 4 and now.step > 3 * self.run.warmup
        self._hold("rate-low", enough and self._blind(), lambda: finding("rate-low"))
        self._hold("learning", self._learns(), lambda: finding("learning", self.run.held_out))

    def _small(self, passes: float) -> bool:
        """Read too often, and what it still learns of the text helps little with unseen text."""
        done = [(t.unseen, t.train) for t in self._tests if t.train is not None]
        if not self.run.held_out or passes <= MANY_PASSES or len(done) < 4:
            return False
        (unseen, train), (was_unseen, was_train) = done[-1], done[len(done) // 2 - 1]
        wider = (unseen - train) - (was_unseen - was_train)
        helps = was_unseen - unseen > 0.25 * (was_train - train)
        margin = max(2 * self._tests[-1].noise, 0.05 * unseen)
        return not helps and wider > margin and unseen - train > 0.15 * unseen

    def _flat_since(self) -> int:
        """Tests in a row up to now without a gain beyond noise, while the rate was high enough to
        learn something."""
        now = self._tests[-1]
        if now.factor < 0.2:
            return 0
        count = 0
        for test in reversed(self._tests[:-1]):
            if abs(test.unseen - now.unseen) > beyond_noise(now, 0.003):
                break
            count += 1
        return count

    def _blind(self) -> bool:
        """Whether nothing was learnt yet. A parent's weights begin where they were."""
        now, first = self._tests[-1], self._tests[0]
        read = first.unseen if now.train is None else now.train
        lowest, highest = 0.97 * first.unseen, 1.1 * first.unseen
        return self.run.fresh and all(lowest < loss < highest for loss in (now.unseen, read))

    def _learns(self) -> bool:
        if len(self._tests) < 3:
            return False
        now, before = self._tests[-1], self._tests[-3]
        best = min(t.unseen for t in self._tests)
        return now.unseen <= best + now.noise and before.unseen - now.unseen > now.noise

    # ---- holding -----------------------------------------------------------------------------

    def _hold(self, code: str, true: bool, make: Callable[[], Finding]) -> None:
        """Said when true twice in a row, taken back when false twice in a row."""
        held = self._held.get(code, 0)
        held = min(_SURE, held + 1) if true else max(0, held - 1)
        self._held[code] = held
        told = code in self._found
        if held == _SURE and (not told or (true and code not in _OF_NOW)):
            self._found[code] = make()  # What tests found is told anew with their figures.
        elif not held:
            self._found.pop(code, None)

    # ---- across a resume ---------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps of it (JSON). Speeds are another attempt's."""
        return {
            "window": [list(pair) for pair in self._window],
            "past": {k: v for k, v in vars(self._past).items() if math.isfinite(v)},
            "tests": [list(astuple(t)) for t in self._tests],
            "since_test": list(self._since_test),
            "held": {rule: n for rule, n in self._held.items() if rule not in _OF_NOW},
            "found": {
                rule: dict(f.sentence.values)
                for rule, f in self._found.items()
                if rule not in _OF_NOW
            },
        }

    def load(self, state: dict[str, Any]) -> None:
        """What `state` gave. Raises KeyError or TypeError for anything else."""
        self._window.clear()
        self._window.extend((loss, norm) for loss, norm in state["window"])
        self._past = Past(**state["past"])
        self._tests = [Test(*values) for values in state["tests"]]
        self._since_test = list(state["since_test"])
        self._held = dict(state["held"])
        self._found = {
            code: finding(code, self.run.held_out, **values)
            for code, values in state["found"].items()
        }


def beyond_noise(test: Test, share: float = 0.01) -> float:
    """How much worse than the best is worse for certain: twice the noise of the unseen text, and
    never less than a hundredth of the loss, which is what one test differs from the next."""
    return max(2 * test.noise, share * abs(test.unseen))


def _by_heart(now: Test, best: Test, share: float = 0.01) -> bool:
    """Clearly worse on unseen text than at its best, and as clearly better on the text it reads: a
    loss that only swings swings on both."""
    worse, clear = now.unseen - best.unseen, beyond_noise(now, share)
    then = best.unseen if best.train is None else best.train
    return now.train is not None and worse > clear and then - now.train > max(clear, 0.5 * worse)


def _why(reading: Reading) -> str:
    """The likeliest reason why it has become slow."""
    if reading.swapping:
        return "slow-memory"
    if reading.hot:
        return "slow-hot"
    return "slow-busy" if (reading.others or 0.0) > _BUSY else "slow"
