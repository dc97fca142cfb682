"""The main job and the desk, played by many people at once against the running server."""

import asyncio
import random
from collections.abc import Callable
from contextlib import AsyncExitStack

import httpx2

from clinic.demo.desk_players import AgentPlayer, CustomerPlayer
from clinic.demo.gateway import Gateway
from clinic.demo.http import ApiError
from clinic.demo.players import DoctorPlayer, PatientPlayer, Stage
from clinic.demo.seeding import Login
from clinic.demo.tally import Tally

ARRIVAL_SECONDS = 0.25  # between two patients
CANCEL_SHARE, DISTURB_SHARE = 0.12, 0.4
HURRY = 30  # the gateway's waits are divided by this, retries included


async def play(
    *,
    base_url: str,
    gateway_url: str,
    control_token: str,
    doctors: list[Login],
    patients: int,
    agents: list[Login],
    customers: int,
    seed: int,
    tally: Tally,
    progress: Callable[[], None],
) -> list[str]:
    """Play until every patient and customer is done; return the consultations' public ids.

    Raises ApiError or httpx2.HTTPError when the server does not let doctors and agents in.
    """
    rng = random.Random(seed)  # noqa: S311 behaviour, not secrets
    limits = httpx2.Limits(max_connections=200)
    async with (
        httpx2.AsyncClient(base_url=base_url, timeout=30, limits=limits) as http,
        httpx2.AsyncClient(base_url=gateway_url, timeout=30) as gateway_http,
        AsyncExitStack() as hurrying,
    ):
        gateway = Gateway(gateway_http, control_token)
        await hurrying.enter_async_context(gateway.hurried(HURRY))
        stage = Stage(http, base_url.replace("http", "ws", 1) + "/ws/v1/", gateway, tally, rng)
        cast = [
            DoctorPlayer(stage, login.phone, login.password, declines=int(number % 3 == 1))
            for number, login in enumerate(doctors)
        ]
        desk = [AgentPlayer(stage, login.phone, login.password) for login in agents]
        everybody: list[DoctorPlayer | AgentPlayer] = [*cast, *desk]
        await asyncio.gather(*(one.come() for one in everybody))
        for agent in desk:
            agent.colleagues = desk
        restless = asyncio.create_task(_wander(stage, cast))
        shown = asyncio.create_task(_show(progress))
        try:
            found, _done = await asyncio.gather(
                _patients(stage, patients), _customers(stage, customers)
            )
            return found
        finally:
            restless.cancel()
            shown.cancel()
            await asyncio.gather(restless, shown, return_exceptions=True)
            await asyncio.gather(*(_leave(one) for one in everybody))


async def _patients(stage: Stage, number: int) -> list[str]:
    players, tasks = [], []
    for index in range(number):
        player = PatientPlayer(
            stage,
            index,
            cancels=stage.rng.random() < CANCEL_SHARE,
            disturbed=stage.rng.random() < DISTURB_SHARE,
        )
        players.append(player)
        tasks.append(asyncio.create_task(player.play()))
        await asyncio.sleep(stage.rng.uniform(0, 2 * ARRIVAL_SECONDS))
    await asyncio.gather(*tasks)
    return [player.consultation for player in players if player.consultation]


async def _wander(stage: Stage, cast: list[DoctorPlayer]) -> None:
    """Let a doctor go offline for a while, again and again; others go on."""
    while True:
        await asyncio.sleep(stage.rng.uniform(2, 5))
        doctor = stage.rng.choice(cast)
        await doctor.go("offline")
        stage.tally.add("went offline")
        await asyncio.sleep(stage.rng.uniform(1, 3))
        await doctor.go("online")
        await doctor.look()


async def _customers(stage: Stage, number: int) -> None:
    tasks = []
    for index in range(number):
        tasks.append(asyncio.create_task(CustomerPlayer(stage, index).play()))
        await asyncio.sleep(stage.rng.uniform(0, 2 * ARRIVAL_SECONDS))
    await asyncio.gather(*tasks)


async def _leave(one: DoctorPlayer | AgentPlayer) -> None:
    try:
        await one.go("offline")
    except (ApiError, httpx2.HTTPError):
        pass
    finally:
        await one.device.stop()


async def _show(progress: Callable[[], None]) -> None:
    while True:
        progress()
        await asyncio.sleep(0.25)
