import numpy as np
import pytest

from recorder.export.grid import grid_pieces
from recorder.export.pictures import picture, scaled
from recorder.export.rows import WRENCH_HISTORY, pieces_of, wrench_history
from recorder.export.sirius import action_modes, intervention_labels, of_both_arms
from recorder.image_log import encode_jpeg
from recorder.labels import Label
from teleop.errors import ConversionError
from tests.corrected_episode import HAND_BACK, LOST, GappedEpisode, LossyEpisode
from tests.drawn_episode import START_NS, DrawnEpisode
from tests.sample_steps import CAMERAS


def stamps(*milliseconds: float) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return (np.array(milliseconds) * 1e6).astype(np.int64)


def test_a_grid_point_is_answered_by_the_tick_before_it():
    ticks = stamps(0, 10, 20, 30, 40, 50, 60, 70)
    (rows,) = grid_pieces(ticks, 1000 / 30)
    assert rows.tolist() == [0, 3, 6]
    late = stamps(0, 10, 20, 31, 40, 50, 60, 70)  # the fourth tick came after the grid's point
    (rows,) = grid_pieces(late, 1000 / 30)
    assert rows.tolist() == [0, 2, 6]


def test_at_the_ticks_own_rate_every_row_comes_once_whatever_its_jitter():
    ticks = stamps(0, 9.5, 20.5, 29.9, 40.1, 50)
    (rows,) = grid_pieces(ticks, 100)
    assert rows.tolist() == [0, 1, 2, 3, 4, 5]


def test_a_gap_divides_the_grid_and_no_row_is_repeated_to_fill_it():
    ticks = stamps(0, 10, 20, 30, 5000, 5010, 5020)
    assert [piece.tolist() for piece in grid_pieces(ticks, 50)] == [[0, 2], [4, 6]]


def test_an_episode_with_a_gap_is_two_pieces():
    before, after = pieces_of(GappedEpisode(), 100, ())
    assert before.rows.tolist() == list(range(HAND_BACK))
    assert after.rows.tolist() == list(range(HAND_BACK, 30))


def test_a_piece_begins_with_the_first_images_and_a_lost_one_is_replaced_by_the_one_before():
    (piece,) = pieces_of(LossyEpisode(), 100, ())
    assert piece.rows.tolist() == list(range(3, 30))
    left, right = (piece.images[camera] for camera in CAMERAS)
    assert left.min() >= 0 and LOST not in left.tolist()
    assert LOST in right.tolist()
    assert left[piece.rows // 3 == LOST].tolist() == [LOST - 1] * 3


def test_more_rows_a_second_than_were_recorded_are_refused():
    with pytest.raises(ConversionError, match="100 rows a second, 200 cannot be made"):
        pieces_of(DrawnEpisode(), 200, ())


def test_a_camera_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(ConversionError, match="no camera wrist; it has: left, room"):
        pieces_of(DrawnEpisode(), 50, ("wrist",))


def test_the_wrench_history_ends_with_the_newest_sample_of_the_stream():
    episode = DrawnEpisode()
    at = START_NS + 200_500_000
    history = wrench_history(episode, "left", np.array([at], np.int64))[0]
    known = np.flatnonzero(episode.wrench.host_ns <= at)
    np.testing.assert_array_equal(history, episode.wrench.data[known[-WRENCH_HISTORY:]])


def test_without_a_stream_the_wrench_history_is_that_of_the_control_ticks():
    episode = DrawnEpisode()
    stamp_ns = episode.column("stamp_ns")[[0, 29]]
    first, last = wrench_history(episode, "right", stamp_ns)
    wrench = episode.column("wrench")[:, 1]
    np.testing.assert_array_equal(first, np.tile(wrench[0], (WRENCH_HISTORY, 1)))
    np.testing.assert_array_equal(last[-30:], wrench)


def test_labels_are_coded_as_sirius_does():
    labels = np.array([[each, Label.ROLLOUT] for each in Label])
    assert action_modes(labels)[:, 0].tolist() == [0, -1, 0, 1, 0, 0]
    assert intervention_labels(labels)[:, 0].tolist() == [0, -1, -10, 1, 0, 0]


def test_a_row_is_an_intervention_if_one_arm_is():
    codes = np.array([[0, 1], [1, -10], [-10, 0], [0, -10], [-1, 0], [-1, -10], [0, 0]])
    assert of_both_arms(codes).tolist() == [1, 1, -10, -10, -1, -10, 0]


def test_a_scaled_image_keeps_its_mean_and_its_edges():
    image = np.zeros((48, 96, 3), np.uint8)
    image[:, 48:] = 200
    small = scaled(image, 12)
    assert small.shape == (12, 12, 3)
    assert small[:, :6].max() == 0 and small[:, 6:].min() == 200
    large = scaled(image, 100)
    assert large.shape == (100, 100, 3) and abs(float(large.mean()) - 100.0) < 0.5


def test_a_picture_is_decoded_and_scaled():
    image = np.full((64, 48, 3), (200, 100, 30), np.uint8)
    small = picture(encode_jpeg(image), 16)
    assert small.shape == (16, 16, 3)
    assert np.abs(small.astype(int) - (200, 100, 30)).max() <= 2


def test_bytes_that_are_no_jpeg_are_refused():
    with pytest.raises(ConversionError, match="cannot be decoded"):
        picture(b"nothing")
