"""Measures the message relay against a bare one, paired in one run: `python -m bench.relay --help`."""

import argparse
import gc
import sys
from collections.abc import Sequence
from contextlib import ExitStack

import msgspec
import uvloop

from bench.contenders import Contender, Raw, Running
from bench.figures import Round, figures, quantities, table
from bench.load import Idle, Paced, Saturated, at_once, at_rest, idle, paced, saturated
from bench.processes import cores, on_core
from bench.quietline import Quietline

PHASES = ("saturated", "paced", "idle")


class Plan(msgspec.Struct, frozen=True):
    """How much of what. Seconds are of one phase of one contender in one round."""

    rounds: int = 3
    chats: int = 500
    idle: int = 1000
    seconds: float = 5.0
    warm_up: float = 1.5
    phases: tuple[str, ...] = PHASES


def measured(contenders: Sequence[Contender], plan: Plan) -> dict[str, list[Round]]:
    """Run every round; the order of the contenders turns around from one to the next."""
    server_core, client_core = cores()
    rounds: dict[str, list[Round]] = {each.name: [] for each in contenders}
    for number in range(plan.rounds):
        for contender in contenders if number % 2 == 0 else tuple(reversed(contenders)):
            told: dict[str, float] = {}
            for phase in plan.phases:
                chats, idle_ones = (0, plan.idle * 11 // 10 + 1) if phase == "idle" else (plan.chats, 0)
                with (
                    contender.running(core=server_core, chats=chats, idle=idle_ones) as running,
                    on_core(client_core),
                ):
                    told |= uvloop.run(_phase(phase, running, plan))
            rounds[contender.name].append(told)
            print(f"round {number + 1}: {contender.name} done", file=sys.stderr, flush=True)
    return rounds


async def _phase(phase: str, running: Running, plan: Plan) -> dict[str, float]:
    full: Saturated | None = None
    calm: Paced | None = None
    still: Idle | None = None
    if phase == "idle":
        still = await idle(running.visitor, running.server, sockets=plan.idle)
    else:
        chats = await at_once(range(plan.chats), running.chat)
        await at_rest(running.server)
        gc.collect()
        gc.freeze()
        if phase == "paced":
            calm = await paced(chats, running.server, seconds=plan.seconds)
        else:
            full = await saturated(chats, running.server, seconds=plan.seconds, warm_up=plan.warm_up)
    return quantities(full, calm, still)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    usual = Plan()
    parser = argparse.ArgumentParser(prog="python -m bench.relay", description=__doc__)
    parser.add_argument("--rounds", type=int, default=usual.rounds)
    parser.add_argument("--chats", type=int, default=usual.chats, help="pairs of a visitor and an operator")
    parser.add_argument("--idle", type=int, default=usual.idle, help="idle visitors whose memory is measured")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="of one measurement")
    parser.add_argument("--phases", nargs="+", choices=PHASES, default=list(PHASES))
    parser.add_argument("--postgresql", action="store_true", help="also on PostgreSQL and Valkey, one worker and two")
    parser.add_argument("--json", action="store_true", help="print figures and rounds as JSON")
    chosen = parser.parse_args(arguments)
    plan = Plan(
        rounds=chosen.rounds,
        chats=chosen.chats,
        idle=chosen.idle,
        seconds=chosen.seconds,
        phases=tuple(chosen.phases),
    )
    with ExitStack() as stack:
        contenders: list[Contender] = [Raw()]
        for servers, workers in [(False, 1), *([(True, 1), (True, 2)] if chosen.postgresql else [])]:
            one = Quietline(operators=plan.chats, core=cores()[0], servers=servers, workers=workers)
            stack.callback(one.close)
            contenders.append(one)
        rounds = measured(contenders, plan)
    found = figures(rounds)
    if chosen.json:
        print(msgspec.json.encode({"figures": found, "rounds": rounds, "plan": plan}).decode())
    else:
        print(table(found))


if __name__ == "__main__":
    main()
