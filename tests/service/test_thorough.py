"""Thorough checks over HTTP: the decoder is asked for parts and frames, and keeps the pixels."""

import json
import os
import signal
from dataclasses import replace
from functools import partial

import cv2
import numpy as np
import pytest
from serving import until

from hashmatch import hash_image
from hashmatch.errors import DecoderLostError
from hashmatch.hashers import Luma, listed_parts, luma_of, parts_of
from hashmatch.hashers.parts import FINEST, STRETCHES
from hashmatch.native import Rectangle
from hashmatch.packed import HASHER
from hashmatch.service import frames
from hashmatch.service.decoder import Desk
from hashmatch.types import Hash


@pytest.fixture
def settings(settings):
    return replace(settings, decoders=1, queue=1, decode_seconds=2.0)


def crop(photo):
    height, width = photo.shape[:2]
    return np.ascontiguousarray(photo[height // 8 :, width // 8 :])


def encoded(pixels):
    return cv2.imencode(".jpg", pixels[:, :, ::-1])[1].tobytes()


@pytest.fixture
def listed(client, photographs, caught_up):
    """The astronaut, submitted with parts; returns what the service said."""
    photo = photographs["astronaut"]
    whole = hash_image(photo)
    told = {
        "pictures": [
            {
                "fingerprints": [
                    {"kind": "whole", "hash": whole.hex, "quality": whole.quality},
                    {"kind": "parts", "hasher": HASHER, "hash": listed_parts(photo).hex()},
                ]
            }
        ]
    }
    answer = client.post("/v1/cases", json=told)
    assert answer.status_code == 201, answer.text
    caught_up()
    return answer.json()


@pytest.fixture
def check(client, tokens):
    def send(pixels, depth="thorough"):
        data = pixels if isinstance(pixels, bytes) else encoded(pixels)
        query = {"depth": depth}
        return client.post("/v1/checks", content=data, headers=tokens["check"], params=query)

    return send


@pytest.mark.usefixtures("listed")
def test_a_crop_is_found_where_it_is_asked_for(check, photographs):
    upload = crop(photographs["astronaut"])
    assert check(upload, "fast").json()["action"] == "pass"
    verdict = check(upload).json()
    assert verdict["action"] == "block"
    (match,) = verdict["matches"]
    assert (match["entry"], match["hasher"], match["view"]) == (1, HASHER, "placed")
    assert match["placed"]["votes"] >= 8
    assert "parts that cover" in verdict["reason"]
    assert check(crop(photographs["coffee"])).json()["matches"] == []
    assert check(b"garbage").json()["reason"] == "not_a_picture"


def test_a_withdrawn_case_is_not_found(client, listed, check, photographs, caught_up):
    headers = {"secret-phrase": listed["secret_phrase"]}
    client.post(f"/v1/cases/{listed['case']}/withdrawal", headers=headers)
    caught_up()
    assert check(crop(photographs["astronaut"])).json()["action"] == "pass"


def test_another_depth_is_refused(check, photographs):
    answer = check(photographs["coffee"], "deep")
    assert (answer.status_code, answer.json()["reason"]) == (400, "bad_request")


def test_parts_that_are_none_are_refused(client):
    told = {"pictures": [{"fingerprints": [{"kind": "parts", "hasher": HASHER, "hash": "00"}]}]}
    answer = client.post("/v1/cases", json=told)
    assert (answer.status_code, answer.json()["reason"]) == (422, "invalid_hash")


@pytest.mark.usefixtures("listed")
def test_a_decoder_that_hangs_at_a_second_look_is_replaced(check, node, photographs, monkeypatch):
    (pid,) = node.decoders.pids
    real = frames.upload_from

    def then_stop(answer):
        os.kill(pid, signal.SIGSTOP)
        return real(answer)

    monkeypatch.setattr(frames, "upload_from", then_stop)
    answer = check(crop(photographs["astronaut"]))
    assert (answer.status_code, answer.json()["reason"]) == (422, "decoder_lost")
    monkeypatch.undo()
    until(lambda: pid not in node.decoders.pids)
    assert check(crop(photographs["astronaut"])).json()["action"] == "block"
    assert node.decoders.lost["hung"] == 1


class TestDesk:
    """The decoder's side, and what is read of it."""

    def asked(self, desk, data, **request):
        return b"".join(frames.pack(desk.answer(request, data)))[frames.LENGTHS.size :]

    def test_a_picture_is_held_until_it_is_to_be_forgotten(self, picture, photographs):
        desk = Desk()
        asked = {"do": "hash", "hashers": ["pdq"], "limits": {}, "depth": "thorough"}
        upload = frames.upload_from(self.asked(desk, picture, **asked))
        assert len(upload.views) >= 8
        parts = frames.parts_from(self.asked(desk, b"", do="parts", stretch=1.0))
        assert len(parts) >= 100
        coarse = frames.codes_from(self.asked(desk, b"", do="coarse"), 80)
        assert 40 <= len(coarse) <= 80
        matrix = np.eye(3)
        matrix[0, 0] = matrix[1, 1] = parts.width / 512
        listed = parts_of(luma_of(photographs["astronaut"]))
        asked = {
            "width": 512,
            "height": 512,
            "mirrored": False,
            "within": [0, 0, parts.width, parts.height, 0],
            "matrix": matrix.ravel().tolist(),
            "places": frames.told_places(listed.places),
        }
        frame = frames.frame_from(self.asked(desk, b"", do="frame", **asked), len(listed))
        apart = np.bitwise_count(frame.regions ^ listed.codes).sum(axis=1)
        assert np.median(apart[frame.regions_seen]) <= 16
        assert frame.regions_seen.mean() >= 0.9
        assert 0.3 <= frame.regions_bare.mean() <= 1
        assert 0 < frame.paper < 0.6
        asked |= {"mirrored": True, "places": ""}
        frame = frames.frame_from(self.asked(desk, b"", do="frame", **asked), 0)
        assert frame.visible >= 0.99
        flipped = hash_image(np.ascontiguousarray(photographs["astronaut"][:, ::-1]))
        assert Hash("pdq", frame.code) - flipped <= 12
        assert desk.answer({"do": "forget"}, b"") == {}
        assert desk.answer({"do": "parts"}, b"") == {}

    def test_regions_that_were_not_asked_for_are_refused(self, photographs):
        look = Luma(luma_of(photographs["coffee"]))
        places = look.parts().places[:3]
        everything = Rectangle(0, 0, 512, 341, trimmed=False)
        frame = look.frame(np.eye(3), 512, 341, places, mirrored=False, within=everything)
        told = b"".join(frames.pack(frames.answer_of_frame(frame)))[frames.LENGTHS.size :]
        assert np.array_equal(frames.frame_from(told, 3).regions, frame.regions)
        with pytest.raises(DecoderLostError):
            frames.frame_from(told, 2)

    @pytest.mark.parametrize(
        "changed",
        [
            {"tiles_bare": [0.5] * 49}, {"tiles_bare": [1.1] * 50}, {"tiles_bare": [-0.1] * 50},
            {"regions_bare": [1.1]}, {"tiles_bare": None}, {"tiles": "00"},
            {"paper": 1.1}, {"paper": -0.1}, {"paper": float("nan")}, {"paper": None},
        ],
        ids=str,
    )  # fmt: skip
    def test_frames_of_no_sound_decoder_are_refused(self, photographs, changed):
        look = Luma(luma_of(photographs["coffee"]))
        everything = Rectangle(0, 0, 512, 341, trimmed=False)
        places = look.parts().places[:1]
        frame = look.frame(np.eye(3), 512, 341, places, mirrored=False, within=everything)
        told = frames.answer_of_frame(frame)
        again = frames.frame_from(json.dumps(told).encode(), 1)
        np.testing.assert_allclose(again.tiles_bare, frame.tiles_bare)
        with pytest.raises(DecoderLostError):
            frames.frame_from(json.dumps(told | changed).encode(), 1)

    def test_codes_of_a_picture_stretched_are_told(self, picture):
        desk = Desk()
        asked = {"do": "hash", "hashers": ["pdq"], "limits": {}, "depth": "thorough"}
        self.asked(desk, picture, **asked)
        answer = self.asked(desk, b"", do="stretched")
        found = frames.stretched_from(answer)
        assert len({each.tobytes() for each in found}) == len(found) == len(STRETCHES)
        assert all(1 <= len(each) <= 10 for each in found)
        parts = frames.parts_from(self.asked(desk, b"", do="parts", stretch=1.2))
        assert parts.width > parts.height
        for count, codes in ((3, 10), (4, 11), (5, 10)):
            told = frames.answer_of_stretched((np.zeros((codes, 32), np.uint8),) * count)
            with pytest.raises(DecoderLostError):
                frames.stretched_from(json.dumps(told).encode())

    def test_rectangles_are_told_and_one_of_them_is_looked_into(self, photographs):
        photo = np.pad(photographs["coffee"], ((60, 60), (80, 80), (0, 0)), constant_values=255)
        desk = Desk()
        asked = {"do": "hash", "hashers": ["pdq"], "limits": {}, "depth": "thorough"}
        self.asked(desk, cv2.imencode(".png", photo[:, :, ::-1])[1].tobytes(), **asked)
        boxes = frames.rectangles_from(self.asked(desk, b"", do="rectangles"))
        assert boxes == Luma(luma_of(photo, FINEST)).rectangles()
        assert any(box.left == 80 and box.top == 60 for box in boxes)
        asked = {"width": 300, "height": 200, "mirrored": False, "places": ""}
        asked["matrix"] = np.diag([2.5, 2.5, 1]).ravel().tolist()
        asked["within"] = frames.told_rectangle(Rectangle(0, 0, 375, 500, trimmed=False))
        frame = frames.frame_from(self.asked(desk, b"", do="frame", **asked), 0)
        assert abs(frame.visible - 0.5) <= 0.01

    @pytest.mark.parametrize(
        "answer",
        [
            b"{}",
            b'{"rectangles": [[0, 0, 5, 5]]}',
            b'{"rectangles": [[0, 0, 0, 5, 0]]}',
            b'{"rectangles": [[-1, 0, 5, 5, 0]]}',
            b'{"rectangles": [[0, 0, 5, 99999, 0]]}',
            json.dumps({"rectangles": [[0, 0, 5, 5, 0]] * 29}).encode(),
        ],
        ids=["none", "short", "empty", "outside", "huge", "many"],
    )
    def test_rectangles_of_a_decoder_that_was_taken_over(self, answer):
        with pytest.raises(DecoderLostError):
            frames.rectangles_from(answer)

    @pytest.mark.parametrize("answer", [b"{}", b"[]", b'{"codes": 5}', b'{"codes": "00"}'])
    def test_coarse_codes_of_a_decoder_that_was_taken_over(self, answer):
        with pytest.raises(DecoderLostError):
            frames.codes_from(answer, 80)

    def test_more_coarse_codes_than_there_are_are_refused(self):
        for count in (80, 81):
            told = frames.answer_of_codes(np.zeros((count, 32), np.uint8))
            answer = b"".join(frames.pack(told))[frames.LENGTHS.size :]
            if count == 80:
                assert len(frames.codes_from(answer, 80)) == 80
            else:
                with pytest.raises(DecoderLostError):
                    frames.codes_from(answer, 80)

    def test_a_fast_question_holds_nothing(self, picture):
        desk = Desk()
        self.asked(desk, picture, do="hash", hashers=["pdq"], limits={}, depth="fast")
        assert desk.answer({"do": "parts"}, b"") == {}

    def test_what_is_read_is_what_was_answered(self, photographs):
        look = Luma(luma_of(photographs["coffee"]))
        told = b"".join(frames.pack(frames.answer_of_parts(look.parts())))
        assert len(told) <= frames.MAX_ANSWER
        read = frames.parts_from(told[frames.LENGTHS.size :])
        assert np.array_equal(read.codes, look.parts().codes)
        assert np.array_equal(read.mirrored, look.parts().mirrored)
        assert np.array_equal(read.places, look.parts().places)

    @pytest.mark.parametrize(
        "answer",
        [
            b"{}",
            b"[]",
            b"[" * 60_000,
            b'{"codes": "00", "mirrored": "00", "places": "", "width": 5, "height": 5}',
            b'{"codes": "", "mirrored": "", "places": "", "width": 0, "height": 5}',
            b'{"codes": "", "mirrored": "", "places": "", "width": 1e99, "height": 5}',
            b'{"codes": 5, "mirrored": "", "places": "", "width": 5, "height": 5}',
            b'{"codes": "%b", "mirrored": "%b", "places": "%b", "width": 5, "height": 5}'
            % (b"00" * 32, b"00" * 32, b"00" * 8),
            b'{"visible": 2, "code": "", "tiles": "", "seen": []}',
            b'{"visible": 1, "code": "%b", "tiles": "", "seen": []}' % (b"00" * 32),
            b'{"visible": 1, "code": "00", "tiles": "", "seen": 5}',
            b'{"visible": NaN, "code": "%b", "tiles": "%b", "seen": []}'
            % (b"00" * 32, b"00" * 1600),
        ],
    )
    def test_answers_of_a_decoder_that_was_taken_over(self, answer):
        for read in (frames.parts_from, partial(frames.frame_from, regions=0)):
            with pytest.raises(DecoderLostError):
                read(answer)
