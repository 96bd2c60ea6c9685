import sys

import numpy as np
import pytest
from PIL import Image

from hashmatch.bench import photographs as module
from hashmatch.errors import MissingExtraError, PictureError


def test_scikit_images_photographs_are_all_there():
    assert len(module.load(module.paths(None))) == len(module.CARRIED)


def test_large_photographs_are_made_smaller_and_other_files_passed_over(tmp_path, photographs):
    Image.fromarray(photographs["retina"]).resize((3000, 2600)).save(tmp_path / "large.png")
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "further").mkdir()
    Image.fromarray(photographs["coffee"]).save(tmp_path / "further/coffee.jpg")
    small, large = module.load(module.paths(tmp_path))
    assert min(small.shape[:2]) >= 200
    assert module.SIDE <= min(large.shape[:2]) < 2 * module.SIDE


def test_no_more_than_so_many_are_read(tmp_path, monkeypatch):
    for number in range(5):
        pixels = np.random.default_rng(number).integers(0, 256, (64, 64), np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
    monkeypatch.setattr(module, "MOST", 3)
    assert len(module.load(module.paths(tmp_path))) == 3


def test_folders_without_photographs_are_told(tmp_path):
    with pytest.raises(PictureError, match="no files"):
        module.paths(tmp_path)
    with pytest.raises(PictureError, match="There is no folder"):
        module.paths(tmp_path / "nowhere")
    (tmp_path / "notes.txt").write_text("no picture")
    with pytest.raises(PictureError, match="None of the 1 files"):
        module.load(module.paths(tmp_path))


def test_without_scikit_image_a_folder_is_asked_for(monkeypatch):
    monkeypatch.setitem(sys.modules, "skimage", None)
    with pytest.raises(MissingExtraError, match=r"hashmatch\[bench\].*--photos FOLDER"):
        module.paths(None)
