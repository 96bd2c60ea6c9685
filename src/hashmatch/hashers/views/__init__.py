"""Other renderings of an upload that are hashed too: turned, resampled, trimmed, cut out.

One idea a file. All start from the one reduced decode, and their number is bounded: eight turns,
two resamplings, and 28 rectangles that may be pictures themselves, eight of them in six turns and
in two forms that were cut to fill a place.
"""
