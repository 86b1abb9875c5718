"""The training itself: steps until the time is over, checkpoints on the way."""

import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from models.training.corpus import Batch, Batches
from models.training.network import Network
from models.training.work import Work

_EVERY = 300.0
"""Seconds between two checkpoints, each measured on the development set."""
_DECAY = 0.999
"""Of the running mean of the weights, which is what is kept: steadier than the last ones."""


@dataclass(frozen=True)
class Plan:
    """How to train: ``minutes`` in all, ``rate`` at most, ``tokens`` a batch."""

    minutes: float
    rate: float
    tokens: int
    dropout: float
    smoothing: float
    device: str
    seed: int = 1


def best_device() -> str:
    """``cuda`` where there is one, else ``cpu``."""
    return "cuda" if torch.cuda.is_available() else "cpu"


class Training:
    """One model on its way; goes on from the work folder's checkpoint if there is one."""

    def __init__(self, work: Work, plan: Plan, say: Callable[[str], None]) -> None:
        torch.manual_seed(plan.seed)
        self._work, self._plan, self._say = work, plan, say
        config, tokens = work.config(), work.tokens()
        self._network = Network(work.variables(), config, plan.dropout).to(plan.device)
        end = config.get("eos_token", "</s>")
        ends = (tokens.row(end, 0), tokens.row(end, 1))
        self._start = tokens.row(config.get("decoder_start_token", "<s>"), 1)
        self._train, self._dev = (
            Batches(tokens.ids(work.part(name)), ends, plan.tokens) for name in ("train", "dev")
        )
        self._optimizer = torch.optim.Adam(self._network.parameters(), betas=(0.9, 0.98), eps=1e-9)
        self._mean = [p.detach().clone() for p in self._network.parameters()]
        self._steps, self._seconds, self._tokens = 0, 0.0, 0
        self._stopped = False
        if work.checkpoint.is_file():
            self._load(work.checkpoint)

    def run(self) -> None:
        """Train for what is left of the plan's minutes; SIGTERM and Ctrl-C end it early."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: setattr(self, "_stopped", True))
        self._report()
        began, before = time.monotonic(), self._seconds
        saved = began
        for batch in self._endless():
            self._seconds = before + time.monotonic() - began
            if self._stopped or self._seconds >= 60 * self._plan.minutes:
                break
            self._step(batch)
            if time.monotonic() - saved > _EVERY:
                self._report()
                saved = time.monotonic()
        self._report()
        with torch.no_grad():
            for weight, mean in zip(self._network.parameters(), self._mean, strict=True):
                weight.copy_(mean)
        self._work.write(self._network.arrays())

    def _endless(self) -> Iterator[Batch]:
        rng = random.Random(self._plan.seed + self._steps)  # noqa: S311  not for secrets
        while True:
            yield from self._train.once(rng)

    def _step(self, batch: Batch) -> None:
        for group in self._optimizer.param_groups:
            group["lr"] = self._rate()
        loss, count = self._loss(batch, self._plan.smoothing)
        (loss / count).backward()
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self._steps += 1
        self._tokens += count
        with torch.no_grad():
            decay = min(_DECAY, self._steps / (self._steps + 10))
            torch._foreach_lerp_(self._mean, list(self._network.parameters()), 1 - decay)

    def _rate(self) -> float:
        """Up within the first 200 steps, then down in a line to nothing at the end of the time."""
        left = 1 - self._seconds / (60 * self._plan.minutes)
        return self._plan.rate * min(1, (self._steps + 1) / 200) * max(0, left)

    def _loss(self, batch: Batch, smoothing: float) -> tuple[Tensor, int]:
        """The sum of the cross-entropies, and of how many tokens."""
        device = self._plan.device
        source, source_real, target, real = (
            torch.from_numpy(array).to(device)
            for array in (batch.source, batch.source_real, batch.target, batch.target_real)
        )
        with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
            memory = self._network.encode(source, source_real)
            logits = self._network.decode(target, self._start, memory, source_real)
        loss = F.cross_entropy(
            logits[real].float(), target[real], label_smoothing=smoothing, reduction="sum"
        )
        return loss, int(batch.target_real.sum())

    @torch.no_grad()
    def _report(self) -> None:
        """Measure the mean weights on the development set, and save."""
        weights = list(self._network.parameters())
        kept = [weight.clone() for weight in weights]
        torch._foreach_copy_(weights, self._mean)
        self._network.eval()
        losses = [self._loss(batch, 0.0) for batch in self._dev.once()]
        self._network.train()
        torch._foreach_copy_(weights, kept)
        nll = sum(float(loss) for loss, _ in losses) / max(1, sum(count for _, count in losses))
        self._say(
            f"{self._seconds / 60:.1f} of {self._plan.minutes:g} minutes, {self._tokens} tokens,"
            f" {nll:.3f} nats a token on the development set"
        )
        self._save(self._work.checkpoint)

    def _save(self, path: Path) -> None:
        state: dict[str, Any] = {
            "weights": self._network.state_dict(),
            "mean": self._mean,
            "optimizer": self._optimizer.state_dict(),
            "progress": (self._steps, self._seconds, self._tokens),
        }
        new = path.with_suffix(".new")
        torch.save(state, new)
        new.replace(path)

    def _load(self, path: Path) -> None:
        state = torch.load(path, map_location=self._plan.device, weights_only=True)
        self._network.load_state_dict(state["weights"])
        torch._foreach_copy_(self._mean, state["mean"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._steps, self._seconds, self._tokens = state["progress"]
