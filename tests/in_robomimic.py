"""Run by the Python of robomimic's environment (tools/peer-env), never imported: other loaders.

load FILE OUT       load a file by robomimic's SequenceDataset, as training does
act FOLDER OUT      read ALOHA's files the way ACT's training does, by h5py and OpenCV

What was read is written to OUT, an .npz file.
"""

# pyright: basic, reportMissingImports=false, reportIndexIssue=false
# pyright: reportAttributeAccessIssue=false, reportArgumentType=false
# pyright: reportGeneralTypeIssues=false
import sys
from pathlib import Path

import h5py
import numpy as np

LOW = ["robot0_eef_pos", "robot0_eef_quat", "robot0_wrench_history", "robot1_tactile"]
KEYS = ["actions", "rewards", "dones", "action_modes", "intv_labels"]


def load(path, out):
    """Every row, with nine more of its sequence, and the corrections by their mask."""
    import robomimic.utils.file_utils as file_utils
    import robomimic.utils.obs_utils as obs_utils
    from robomimic.utils.dataset import SequenceDataset

    with h5py.File(path) as file:
        rgb = [key for key in file["data/demo_0/obs"] if key.endswith("_image")]
    obs_utils.initialize_obs_utils_with_obs_specs([{"obs": {"low_dim": LOW, "rgb": rgb}}])
    meta = file_utils.get_env_metadata_from_dataset(path)
    shapes = file_utils.get_shape_metadata_from_dataset(path, all_obs_keys=LOW + rgb)

    def dataset(mask):
        return SequenceDataset(
            path,
            obs_keys=LOW + rgb,
            dataset_keys=KEYS,
            load_next_obs=True,
            seq_length=10,
            hdf5_cache_mode=None,
            filter_by_attribute=mask,
        )

    every, corrections = dataset(None), dataset("corrections")
    rows = [every[row] for row in range(len(every))]
    np.savez(
        out,
        rows=len(every),
        corrections=len(corrections),
        action_size=shapes["ac_dim"],
        env_type=meta["type"],
        **{key: np.stack([row[key] for row in rows]) for key in KEYS},
        **{key: np.stack([row["obs"][key][0] for row in rows]) for key in LOW + rgb},
        **{f"next_{key}": np.stack([row["next_obs"][key][0] for row in rows]) for key in LOW + rgb},
    )


def act(folder, out):
    """Each row of the first file: joints, images and all actions from there on."""
    import cv2

    found = {"first_actions": [], "qpos": []}
    with h5py.File(Path(folder) / "episode_0.hdf5") as root:
        compressed = root.attrs.get("compress", False)
        shift = 0 if root.attrs["sim"] else 1
        for start in range(len(root["/action"])):
            found["qpos"].append(root["/observations/qpos"][start])
            found["first_actions"].append(root["/action"][max(0, start - shift) :][0])
            for camera in root["/observations/images"]:
                image = root[f"/observations/images/{camera}"][start]
                image = cv2.imdecode(image, 1) if compressed else image[:, :, ::-1]
                found.setdefault(camera, []).append(image)
    np.savez(out, **{name: np.stack(values) for name, values in found.items()})


if __name__ == "__main__":
    {"load": load, "act": act}[sys.argv[1]](*sys.argv[2:])
