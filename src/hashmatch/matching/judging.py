"""From what is known of an upload to what all lists make of it: search, then policy."""

from collections.abc import Iterator
from itertools import chain, groupby

import numpy as np
import numpy.typing as npt

from hashmatch.hashers import Likelihood, Look, View, is_whole, likelihood, turned_back
from hashmatch.matching import another, placing, policy, supposing
from hashmatch.matching.alignment import Alignment
from hashmatch.matching.generation import ALWAYS, Generation
from hashmatch.matching.in_place import in_place
from hashmatch.matching.known import Ids
from hashmatch.matching.shelf import Shelf
from hashmatch.matching.uploads import Upload
from hashmatch.types import ORIGINAL, PLACED, Match, Matches, Placed, Verdict


def judge(generation: Generation, upload: Upload) -> Verdict:
    """What all lists make of an upload.

    Whole pictures and views decide first. Where that is not the last word, and the upload can be
    looked at once more, the pictures that its parts find in it are compared too. Where those of the
    first parts block it, the others are not asked; but they may find what an allow-list has. Where
    nothing was found at all, those that its views come nearest to get a look in their places.

    Raises:
        PictureError: the picture was refused, and its bytes are in no list.
        MissingExtraError: its format takes an extra that is not installed; likewise.
    """
    pdq = next((view.hash for view in upload.views if view.hash.hasher == ALWAYS), None)
    quality = None if pdq is None else pdq.quality
    views = [*(View(ORIGINAL, digest) for digest in upload.digests), *upload.views]
    near = [
        each
        for name, group in groupby(views, key=lambda view: view.hash.hasher)
        if name in generation.shelves
        for each in _near(list(group), quality, generation.shelves[name], generation)
    ]
    if upload.look is not None and near:
        near = [*_looked_at(near, upload, upload.look, generation)]
    lists = tuple(generation.lists.values())
    if pdq is None:
        if upload.refusal is not None and not near:
            raise upload.refusal
        digest = next(value for value in upload.digests if value.hasher == near[0].hasher.name)
        return policy.judge(near, digest, lists, decoded=False)
    verdict = policy.judge(near, pdq, lists)
    if upload.look is None or verdict.action == "block" or _is_allowed(verdict):
        return verdict
    decisive = not any(each.allow_list for each in lists)
    for placed in _placed(upload.look, generation):
        near += placed
        verdict = policy.judge(near, pdq, lists)
        if verdict.action == "block" and decisive:
            break
    if not verdict.matches:
        near += _supposed(upload, upload.look, generation)
        verdict = policy.judge(near, pdq, lists)
    return verdict


def locate(generation: Generation, upload: Upload) -> tuple[Match, ...]:
    """What the lists make of the pictures that an upload's parts, or else its views, find in it.

    Raises:
        PictureError: the picture was refused.
        MissingExtraError: its format takes an extra that is not installed.
    """
    if upload.look is None:
        if upload.refusal is not None:
            raise upload.refusal
        return ()
    lists = tuple(generation.lists.values())
    placed = chain.from_iterable(_placed(upload.look, generation))
    found = policy.judge(placed, upload.views[0].hash, lists).matches
    if found:
        return found
    supposed = _supposed(upload, upload.look, generation)
    return policy.judge(supposed, upload.views[0].hash, lists).matches


def sightings(generation: Generation, upload: Upload) -> Iterator[tuple[int, Placed]]:
    """Wherever an upload's parts, or its views, would have a listed picture, whatever is there.

    Returns:
        Entries and places, for measuring what may be made of these.
    """
    if upload.look is not None:
        near = chain.from_iterable(_placed(upload.look, generation))
        for each in chain(near, _supposed(upload, upload.look, generation)):
            if each.placed is not None:
                yield each.entry, each.placed


def _is_allowed(verdict: Verdict) -> bool:
    return any(match.action == "pass" for match in verdict.matches)


def _near(
    views: list[View], picture_quality: int | None, shelf: Shelf, generation: Generation
) -> Iterator[policy.Near]:
    """The entries near a picture by one hasher, with what policy asks about them.

    Of several views that are near an entry, within the reach of its list, the nearest counts, of
    equally near ones the first.
    """
    lists = generation.lists
    by_likelihood: dict[Likelihood, list[View]] = {}
    for view in views:
        by_likelihood.setdefault(likelihood(view.name), []).append(view)
    found: dict[int, dict[Likelihood, tuple[int, View]]] = {}
    for by, some in by_likelihood.items():
        radius = policy.widest_reach(lists.values(), shelf.hasher, by)
        for view, (ids, distances) in zip(some, _search(some, radius, shelf), strict=True):
            for entry, distance in zip(ids.tolist(), distances.tolist(), strict=True):
                nearest = found.setdefault(entry, {})
                if by not in nearest or distance < nearest[by][0]:
                    nearest[by] = distance, view
    if not found:  # as with most uploads: nobody listed them
        return
    about = shelf.about(np.fromiter(found, np.int64, len(found)))
    known_of = zip(about[0].tolist(), about[1].tolist(), strict=True)
    for (entry, nearest), (list_id, entry_quality) in zip(found.items(), known_of, strict=True):
        hash_list = lists.get(list_id)
        if hash_list is None:  # made or removed a moment ago; the next refresh knows it
            continue
        near = [
            each
            for by, each in nearest.items()
            if each[0] <= policy.reach(hash_list, shelf.hasher, by).review
        ]
        if not near:
            continue
        distance, view = min(near, key=lambda each: each[0])
        seen_quality = picture_quality if view.hash.quality is None else view.hash.quality
        known = [seen_quality, entry_quality if entry_quality >= 0 else None]
        yield policy.Near(
            entry=entry,
            hash_list=hash_list,
            hasher=shelf.hasher,
            distance=distance,
            quality=min((quality for quality in known if quality is not None), default=None),
            view=view.name,
            held=generation.held.get(entry),
        )


def _looked_at(
    near: list[policy.Near], upload: Upload, look: Look, generation: Generation
) -> Iterator[policy.Near]:
    """The entries near a picture, with what a second look says of the nearest ones.

    That is what is seen in their place; of those near a rectangle in it also that their parts,
    which are looked for as well, say more than a hash that is not near. Of those that have no
    parts: whether the upload is so plain that many hashes are near.
    """
    plain = not another.is_found_by_parts(len(look.parts()))
    ours = [each for each in near if each.hasher.name == ALWAYS]
    ours.sort(key=lambda each: each.distance)
    views = {view.name: view for view in upload.views if view.hash.hasher == ALWAYS}
    whole = [each.entry for each in ours if is_whole(each.view)]
    within = [each.entry for each in ours if not is_whole(each.view)]
    asked = {*whole[: placing.CANDIDATES], *within[: placing.CANDIDATES]}
    for each in near:
        if each.hasher.name != ALWAYS:
            yield each
            continue
        listed = generation.parts.picture(each.entry) if each.entry in asked else None
        if listed is None:
            yield each._replace(strict=plain)
        else:
            piece = not is_whole(each.view)
            yield each._replace(
                in_place=in_place(look, listed, turned_back(views[each.view])),
                strict=piece and another.is_found_by_parts(len(listed.parts)),
            )


def _search(views: list[View], radius: int, shelf: Shelf) -> Matches:
    width = shelf.hasher.bits // 8
    codes = np.frombuffer(b"".join(view.hash.code for view in views), np.uint8)
    return shelf.within(codes.reshape(len(views), width), min(radius, shelf.hasher.bits))


def _placed(look: Look, generation: Generation) -> Iterator[list[policy.Near]]:
    """The pictures that an upload's parts find in it, with what policy asks about them.

    In stages, each with what it costs: `hashmatch.matching.placing.placed_in`.
    """
    shelf = generation.shelves.get(ALWAYS)  # parts belong to the hash of their whole picture
    if shelf is None:
        return

    def harmless(entries: Ids) -> npt.NDArray[np.bool_]:
        """Those that an allow-list has, or that opinions say match wrongly."""
        lists = (generation.lists.get(each) for each in shelf.about(entries)[0].tolist())
        allowed = [each is not None and each.allow_list for each in lists]
        wrong = [generation.held.get(entry) == "opinions" for entry in entries.tolist()]
        return np.array(allowed, np.bool_) | np.array(wrong, np.bool_)

    for found in placing.placed_in(look, generation.parts, harmless):
        if found:
            yield [*_told(found, shelf, generation)]


def _supposed(upload: Upload, look: Look, generation: Generation) -> Iterator[policy.Near]:
    """The pictures that an upload's views come nearest to, with what policy asks about them."""
    shelf = generation.shelves.get(ALWAYS)
    if shelf is None:
        return
    views = [view for view in upload.views if view.hash.hasher == ALWAYS]
    found = tuple(supposing.supposed_in(views, look, shelf, generation.parts))
    yield from _told(found, shelf, generation)


def _told(
    found: tuple[Alignment, ...], shelf: Shelf, generation: Generation
) -> Iterator[policy.Near]:
    """What policy asks about pictures that were found by their parts."""
    list_ids, qualities = shelf.about(np.array([each.entry for each in found], np.int64))
    for each, list_id, quality in zip(found, list_ids.tolist(), qualities.tolist(), strict=True):
        hash_list = generation.lists.get(list_id)
        if hash_list is not None:
            yield policy.Near(
                entry=each.entry,
                hash_list=hash_list,
                hasher=policy.PARTS,
                distance=each.part_distance if each.distance is None else each.distance,
                quality=quality if quality >= 0 else None,
                view=PLACED,
                held=generation.held.get(each.entry),
                placed=placing.told(each),
            )
