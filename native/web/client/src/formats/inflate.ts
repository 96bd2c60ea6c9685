/** Inflating a zlib stream as it comes, without ever holding it whole. */

/**
 * Hand the inflated bytes to `take`, block by block, until it says that it has enough.
 * A stream that ends early, or breaks off, ends silently: who takes knows what is missing.
 */
export async function inflated(
  compressed: Uint8Array<ArrayBuffer>,
  take: (block: Uint8Array) => boolean,
): Promise<void> {
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || take(value)) break;
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // what a damaged stream is
  }
  await reader.cancel().catch(() => undefined);
}
