/** The orientation tag of EXIF data: the one tag that changes what a picture shows. */

const ORIENTATION = 0x0112;
const SHORT = 3;
const LONG = 4;

/** The orientation, 1 to 8, in EXIF data with or without its "Exif" prefix; 1 where it has none. */
export function orientationOf(exif: Uint8Array): number {
  const start = hasPrefix(exif) ? 6 : 0;
  const view = new DataView(exif.buffer, exif.byteOffset + start, exif.byteLength - start);
  try {
    const mark = view.getUint32(0);
    if (mark !== 0x49492a00 && mark !== 0x4d4d002a) return 1;
    const little = mark === 0x49492a00;
    const directory = view.getUint32(4, little);
    const count = view.getUint16(directory, little);
    for (let entry = directory + 2; entry < directory + 2 + 12 * count; entry += 12) {
      const kind = view.getUint16(entry + 2, little);
      if (
        view.getUint16(entry, little) !== ORIENTATION ||
        view.getUint32(entry + 4, little) !== 1 ||
        (kind !== SHORT && kind !== LONG)
      )
        continue;
      const value =
        kind === SHORT ? view.getUint16(entry + 8, little) : view.getUint32(entry + 8, little);
      return value >= 1 && value <= 8 ? value : 1;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // the data ends before the directory does
  }
  return 1;
}

function hasPrefix(exif: Uint8Array): boolean {
  return [0x45, 0x78, 0x69, 0x66, 0, 0].every((byte, at) => exif[at] === byte);
}
