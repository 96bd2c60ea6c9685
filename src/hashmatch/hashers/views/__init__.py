"""Other renderings of an upload that are hashed too: turned, resampled, trimmed, cut out.

One idea a file. All start from the one reduced decode, and their number is bounded: eight turns,
two resamplings, and 26 rectangles that may be pictures themselves, ten of them in eight turns.
"""
