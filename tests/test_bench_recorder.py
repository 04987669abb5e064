import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import pytest

from recorder.bench.check import check
from recorder.bench.cpu import cpu_s
from recorder.bench.feeding import Run
from recorder.bench.generate import (
    IMAGES,
    SENT,
    Generated,
    GeneratedEpisode,
    GeneratedImages,
)
from recorder.bench.measured import Times
from recorder.bench.peers import measure_peer
from recorder.bench.pictures import picture_loop, shown
from recorder.bench.plan import CAMERAS, FRAME_NS, STREAMS, TICK_NS, Plan, make_step
from recorder.bench_recorder import main, summarise
from recorder.encoded import EncodedImage
from recorder.image_log import encode_jpeg
from recorder.writer import EpisodeWriter
from teleop.errors import ConfigError
from teleop.messages import EpisodeOpened, FrameRef, Outcome
from teleop.session_folder import SessionFolder

START_NS = 1_000_000_000
TICKS = 20
loop_of = cache(lambda camera: picture_loop(camera, 6))  # six frames will do


def recorded(folder: SessionFolder, spoil: str = "") -> None:
    """An episode as the generators make it, and what they say of it; something may be wrong."""
    opened = EpisodeOpened(0, START_NS, "Plug it in.", CAMERAS[:1], "bench")
    writer = EpisodeWriter(folder, opened)
    generated = GeneratedEpisode(0, START_NS, ended_ns=START_NS + (TICKS - 1) * TICK_NS)
    for tick in range(TICKS):
        stamp_ns = START_NS + tick * TICK_NS
        generated.stamps_ns.append(stamp_ns)
        if not (spoil == "step" and tick == 7):
            writer.append(make_step(0, tick, stamp_ns, ()))
    for stream in STREAMS:
        block = stream.block(START_NS, 0, generated.ended_ns)
        generated.samples[stream.info.name] = (0, int(block.sequence[-1]))
        if spoil == "sample" and stream is STREAMS[2]:
            block.data[3] += 1.0
        writer.samples(block)
    loop, images = loop_of(0), []
    for frame in range(5):
        ref = FrameRef(CAMERAS[0], frame + 1, START_NS + frame * FRAME_NS)
        images.append((ref.sequence, ref.stamp_ns))
        other = spoil == "image" and frame == 2
        code = encode_jpeg(shown(loop, ref.sequence + other))
        writer.image(EncodedImage(ref, code, loop.shape[1:]))
    writer.close(Outcome.SUCCESS, "inserted", generated.ended_ns)
    told = Generated([generated], 0, 0.1)
    (folder.path / SENT).write_bytes(msgspec.json.encode(told))
    (folder.path / IMAGES).write_bytes(msgspec.json.encode(GeneratedImages({CAMERAS[0]: images})))


@pytest.mark.parametrize(
    ("spoil", "missing"),
    [("", (0, 0, 0)), ("step", (1, 0, 0)), ("sample", (0, 1, 0)), ("image", (0, 0, 1))],
)
def test_what_is_missing_or_wrong_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: str, missing: tuple[int, ...]
):
    monkeypatch.setattr("recorder.bench.check.picture_loop", loop_of)
    folder = SessionFolder(tmp_path)
    recorded(folder, spoil)
    found = check(folder, lambda _: None)
    assert found.generated == {"steps": TICKS, "samples": 2 * 191 + 4 * 96, "images": 5}
    assert tuple(found.dropped.values()) == missing


def test_episodes_follow_each_other_and_share_all_ticks():
    plan = Plan(0, 10.0, 3)
    places = [plan.place(tick) for tick in range(plan.ticks)]
    assert [episode for episode, index in places if index == 0] == [0, 1, 2]
    assert places[-1] == (2, plan.ticks - 1 - plan.first(2))


def test_samples_come_once_each_whatever_the_blocks():
    wrench, start_ns = STREAMS[0], 77
    first = wrench.block(start_ns, 0, start_ns + 13_500_000)
    second = wrench.block(start_ns, len(first.sequence), start_ns + 20_000_000)
    assert (*first.sequence, *second.sequence) == tuple(range(21))
    assert np.all(np.diff(np.concatenate((first.host_ns, second.host_ns))) == 1_000_000)
    assert not np.array_equal(first.data[0], first.data[1])


def test_pictures_move_are_noisy_and_weigh_what_photographs_do():
    still, moving = loop_of(0), loop_of(1)
    corner = still[:, :60, :60].astype(float)
    assert 1.5 < np.std(corner[1] - corner[0]) / np.sqrt(2) < 2.5
    assert np.std(moving[1].astype(float) - moving[0]) > 10.0
    sizes = [len(encode_jpeg(frame)) / 1024 for frame in (*still, *moving)]
    assert 80.0 < np.mean(sizes) < 140.0


def test_the_numbers_are_the_worst_of_the_run():
    episodes = [GeneratedEpisode(n, 0, ended_ns=(n + 1) * 1_000_000_000) for n in range(2)]
    times = Times(append=[1_000_000] * 99 + [9_000_000], flush=[2_000_000, 30_000_000])
    times.accepted_ns = {0: 0, 1: 1_045_000_000}
    run = Run(60.0, cpu_s=18.0, recorded_bytes=600_000_000, times=times)
    run.saved_ns = {0: 1_200_000_000, 1: 2_100_000_000}
    run.generated = Generated(episodes, 0, 1.0)
    run.found.count("images", 10, 8)
    result = summarise(run, Run(15.0, cpu_s=1.5))
    assert (result.dropped, result.core_fraction, result.mb_per_s) == (2, 0.3, 10.0)
    assert (result.flush_max_ms, result.episode_close_s, result.next_start_ms) == (30.0, 0.2, 45.0)
    assert result.core_fraction_no_images == 0.1


def test_cpu_time_counts_children_that_have_ended(tmp_path: Path):

    before = sum(cpu_s(os.getpid()))
    subprocess.run([sys.executable, "-c", "x = sum(range(10**7))"], check=True)
    assert sum(cpu_s(os.getpid())) - before > 0.05


def test_an_unknown_peer_is_refused_before_anything_is_measured():
    with pytest.raises(ConfigError, match="rosbag"):
        main(["--peers", "mcap,rosbag"])


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_the_real_recorder_is_fed_and_checked(capsys: pytest.CaptureFixture[str]):
    main(["--seconds", "6", "--peers", "mcap", "--json"])
    result = msgspec.json.decode(capsys.readouterr().out)
    assert result["generated"]["steps"] == 600
    assert result["dropped_of"]["steps"] == result["dropped_of"]["samples"] == 0
    assert result["next_start_ms"] > 0.0 and 0.0 < result["core_fraction"] < 2.0
    assert "saved one episode" in result["peers"]["mcap"]["after_kill"]


def test_a_peer_that_is_not_installed_is_named_as_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NUDGE_PEERS", str(tmp_path / "nowhere"))
    told = measure_peer("lerobot", tmp_path, 1.0, lambda _: None)
    assert told == "not run: it is not installed (tools/peer-env lerobot)"
