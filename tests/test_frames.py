import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from teleop.errors import FrameLost, SessionError
from teleop.frames import FrameRing, MemoryFrames, RingFrames, RingReader

SHAPE = (48, 64, 3)


def image(value: int) -> np.ndarray:
    return np.full(SHAPE, value % 256, dtype=np.uint8)


def test_the_newest_image_is_read_with_its_name(tmp_path: Path):
    ring = FrameRing(tmp_path, "left", SHAPE)
    reader = RingReader(tmp_path, "left")
    assert reader.newest() is None
    ref = [ring.write(image(value), stamp_ns=value * 10) for value in range(3)][-1]
    newest = reader.newest()
    assert newest is not None
    assert newest[0] == ref
    assert ref.stamp_ns == 20
    np.testing.assert_array_equal(newest[1], image(2))
    assert not newest[1].flags.writeable
    reader.close()
    reader.close()
    ring.close()
    ring.close()


def test_a_reader_may_come_before_the_camera(tmp_path: Path):
    frames = RingFrames(tmp_path, ["left", "right"])
    assert frames.cameras == ("left", "right")
    assert frames.newest("left") is None
    ring = FrameRing(tmp_path, "left", SHAPE)
    ring.write(image(1), 5)
    newest = frames.newest("left")
    assert newest is not None
    assert frames.newest("right") is None
    frames.close()
    ring.close()


def test_an_image_is_read_by_name_until_it_is_overwritten(tmp_path: Path):
    ring = FrameRing(tmp_path, "left", SHAPE, slots=4)
    reader = RingReader(tmp_path, "left")
    refs = [ring.write(image(value), value) for value in range(4)]
    np.testing.assert_array_equal(reader.read(refs[0]), image(0))
    ring.write(image(9), 9)
    with pytest.raises(FrameLost, match="left"):
        reader.read(refs[0])
    np.testing.assert_array_equal(reader.read(refs[1]), image(1))
    reader.close()
    ring.close()


def test_an_image_being_written_is_not_handed_out(tmp_path: Path):
    ring = FrameRing(tmp_path, "left", SHAPE, slots=4)
    reader = RingReader(tmp_path, "left")
    ref = ring.write(image(1), 1)
    ring._map.words[ref.sequence % 4][0] = ref.sequence + 4  # the next round has begun
    with pytest.raises(FrameLost):
        reader.read(ref)
    assert reader.newest() is None
    reader.close()
    ring.close()


def test_a_restarted_camera_is_followed_and_its_numbers_go_on(tmp_path: Path):
    frames = RingFrames(tmp_path, ["left"])
    first = FrameRing(tmp_path, "left", SHAPE)
    before = [first.write(image(value), value) for value in range(5)][-1]
    assert frames.newest("left") is not None
    first.close()
    second = FrameRing(tmp_path, "left", (24, 32, 3))
    assert frames.newest("left") is None
    after = second.write(np.full((24, 32, 3), 7, np.uint8), 99)
    newest = frames.newest("left")
    assert newest is not None
    assert newest[0] == after
    assert newest[1].shape == (24, 32, 3)
    assert after.sequence == before.sequence + 1
    with pytest.raises(FrameLost):
        frames.read(before)
    frames.close()
    second.close()


def test_a_reader_keeps_the_last_image_when_the_file_has_gone(tmp_path: Path):
    ring = FrameRing(tmp_path, "left", SHAPE)
    reader = RingReader(tmp_path, "left")
    ring.write(image(3), 1)
    assert reader.newest() is not None
    (tmp_path / "left.ring").unlink()
    assert reader.newest() is not None
    reader.close()
    ring.close()


def test_a_foreign_file_is_no_ring(tmp_path: Path):
    (tmp_path / "left.ring").write_bytes(b"something else entirely")
    with pytest.raises(FrameLost, match="no frame ring"):
        RingReader(tmp_path, "left").newest()


def test_an_image_of_another_shape_is_refused(tmp_path: Path):
    ring = FrameRing(tmp_path, "left", SHAPE)
    with pytest.raises(ValueError, match="left"):
        ring.write(np.zeros((1, 2, 3), np.uint8), 0)
    ring.close()


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SessionError, match="writable"):
        FrameRing(tmp_path / "file", "left", SHAPE)


WRITER = """
import sys, time
from pathlib import Path
import numpy as np
from teleop.frames import FrameRing
ring = FrameRing(Path(sys.argv[1]), "left", (48, 64, 3), slots=2)
ends = time.monotonic() + float(sys.argv[2])
value = 0
while time.monotonic() < ends:
    value += 1
    ring.write(np.full((48, 64, 3), (value + 1) % 256, np.uint8), value)
"""


def test_no_torn_image_passes_unnoticed_under_a_writer_that_never_rests(tmp_path: Path):
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), "1.0"])
    reader = RingReader(tmp_path, "left")
    seen = lost = 0
    deadline = time.monotonic() + 20
    while writer.poll() is None and time.monotonic() < deadline:
        found = reader.newest()
        if found is None:
            lost += 1
            time.sleep(0.0005)
            continue
        ref, pixels = found
        seen += 1
        assert pixels.min() == pixels.max() == (ref.stamp_ns + 1) % 256
    assert writer.wait() == 0
    assert seen > 100
    reader.close()


def test_memory_frames_hand_over_what_was_put(tmp_path: Path):
    frames = MemoryFrames(["left"], depth=2)
    assert frames.newest("left") is None
    refs = [frames.put("left", image(value), value) for value in range(3)]
    newest = frames.newest("left")
    assert newest is not None
    assert newest[0] == refs[2]
    np.testing.assert_array_equal(frames.read(refs[1]), image(1))
    with pytest.raises(FrameLost):
        frames.read(refs[0])


def test_every_image_since_one_is_named_and_the_overwritten_ones_are_counted(tmp_path: Path):
    reader = RingReader(tmp_path, "left")
    assert reader.since(0) == ((), 0)
    ring = FrameRing(tmp_path, "left", SHAPE, slots=4)
    assert reader.since(0) == ((), 0)
    refs = [ring.write(image(value), value) for value in range(3)]
    assert reader.since(0) == (tuple(refs), 0)
    assert reader.since(2) == ((refs[2],), 0)
    refs += [ring.write(image(value), value) for value in range(3, 9)]
    assert reader.since(3) == (tuple(refs[5:]), 2)
    assert reader.since(9) == ((), 0)
    reader.close()
    ring.close()


def test_what_an_ended_camera_left_is_named_before_its_successors_images(tmp_path: Path):
    reader = RingReader(tmp_path, "left")
    first = FrameRing(tmp_path, "left", SHAPE, slots=4)
    before = [first.write(image(value), value) for value in range(2)]
    assert reader.since(1).refs == (before[1],)
    first.close()
    second = FrameRing(tmp_path, "left", SHAPE, slots=4)
    after = second.write(image(9), 9)
    assert reader.since(1) == ((before[1],), 0)
    assert reader.since(2) == ((after,), 0)
    (tmp_path / "left.ring").unlink()
    third = FrameRing(tmp_path, "left", SHAPE, slots=4)
    anew = third.write(image(5), 5)
    assert reader.since(3) == ((anew,), 0)
    reader.close()
    second.close()
    third.close()


def test_an_image_is_used_in_its_place_unless_it_is_overwritten_meanwhile(tmp_path: Path):
    ring = FrameRing(tmp_path, "left", SHAPE, slots=2)
    reader = RingReader(tmp_path, "left")
    ref = ring.write(image(7), 1)
    assert reader.since(0).refs == (ref,)
    assert reader.look(ref, lambda pixels: int(pixels.max())) == 7

    def too_slow(pixels: np.ndarray) -> int:
        ring.write(image(8), 2)
        ring.write(image(9), 3)
        return int(pixels.max())

    assert reader.look(ref, too_slow) is None
    assert reader.look(ref, lambda pixels: 1) is None
    reader.close()
    ring.close()
