"""Rounds: every target in turn, so that what disturbs the machine disturbs all; medians and ratios of rounds."""

import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from . import load, processes
from .targets import Target

FEWEST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request cost in each round, in seconds of CPU, and how many were answered in a second."""

    target: Target
    cpu: list[float]
    rate: list[float]

    @property
    def microseconds(self) -> float:
        return median(self.cpu) * 1e6

    def over(self, reference: "Cost") -> list[float]:
        """How many times the reference's cost, round by round."""
        return [own / other for own, other in zip(self.cpu, reference.cpu, strict=True)]


class WrongAnswer(RuntimeError):
    """A server answered something else than it should: the figures would be worth nothing."""


def measure(client: subprocess.Popen, targets: list[Target], rounds: int, most_seconds: float) -> list[Cost]:
    """Warm everything up, then measure it in so many rounds; in fewer when the machine is too busy for them."""
    costs = [Cost(target, [], []) for target in targets]
    for target in targets:
        if target.status != 303:
            load.send(client, target.server.port, target.of_round(0), 20)
    started = time.monotonic()
    for number in range(rounds):
        if number >= FEWEST_ROUNDS and time.monotonic() - started > most_seconds:
            break
        for cost in costs:
            _once(client, cost, number)
    return costs


def _once(client: subprocess.Popen, cost: Cost, number: int) -> None:
    target = cost.target
    before = processes.cpu_seconds(target.server.pids)
    done = load.send(client, target.server.port, target.of_round(number), target.count)
    spent = processes.cpu_seconds(target.server.pids) - before
    if done["statuses"] != {str(target.status): target.count}:
        raise WrongAnswer(f"{target.name}: {done['statuses']} instead of {target.count} times {target.status}")
    cost.cpu.append(spent / target.count)
    cost.rate.append(target.count / done["seconds"])


def named(costs: Iterable[Cost], name: str) -> Cost:
    """The cost of one target."""
    return next(cost for cost in costs if cost.target.name == name)
