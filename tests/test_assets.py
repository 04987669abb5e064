"""Shipped files are found from a checkout and from an installed wheel."""

from pathlib import Path

from teleop import assets


def test_a_checkout_uses_its_own_assets_folder():
    root = Path(__file__).resolve().parents[1]
    assert assets.asset_path("policies/base.safetensors") == (
        root / "assets" / "policies" / "base.safetensors"
    )


def test_an_installed_package_uses_the_copy_beside_it(monkeypatch, tmp_path: Path):
    installed = tmp_path / "site-packages" / "teleop"
    monkeypatch.setattr(assets, "_PACKAGE", installed)
    assert assets.assets_folder() == installed / "_assets"
