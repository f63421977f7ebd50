"""Errors of child processes: one was stopped at a limit, or there are too many questions."""

from enum import StrEnum

from shared.problems import Problem


class Bound(StrEnum):
    """What stopped a child."""

    memory = "memory"
    processor = "processor"
    wall = "wall"
    crash = "crash"

    @property
    def zh(self) -> str:
        return BOUNDS_ZH[self]


BOUNDS_ZH = {
    Bound.memory: "所需内存超限",
    Bound.processor: "所需计算时间超限",
    Bound.wall: "用时超限",
    Bound.crash: "处理中途出错",
}
BOUNDS_EN = {
    Bound.memory: "It needs too much memory.",
    Bound.processor: "It needs too much of the processor.",
    Bound.wall: "It takes too long.",
    Bound.crash: "The program that worked on it broke off.",
}


class ChildKilled(Problem):
    """处理这个请求所需的内存或时间超限，已停止

    The work of the request was stopped at its limit of memory or time.
    """

    status = 422

    def __init__(self, bound: Bound) -> None:
        super().__init__(bound.zh, BOUNDS_EN[bound])
        self.bound = bound


class QueueFull(Problem):
    """同时处理的请求太多

    Too many requests are being worked on.
    """

    status = 503


class TooManyRequests(Problem):
    """这个账号同时提出的请求太多

    The caller has too many requests at once.
    """

    status = 429
