/** How pictures come to the page: chosen, dropped or pasted, singly or by the folder. */

/** Files whose names say nothing are taken: what they are is seen when they are opened. */
const PICTURE_NAMES = /\.(jpe?g|jfif|png|webp|avif|hei[cf]|gif|bmp|tiff?)$/i;

export interface Chosen {
  files: File[];
  /** How many were left out because neither their type nor name is a picture's. */
  leftOut: number;
}

/** The pictures among files; `strict` leaves out what is of no known kind. */
export function picturesAmong(files: Iterable<File>, strict: boolean): Chosen {
  const all = [...files];
  const pictures = strict ? all.filter(looksLikeOne) : all;
  return { files: pictures, leftOut: all.length - pictures.length };
}

function looksLikeOne(file: File): boolean {
  return file.type.startsWith("image/") || PICTURE_NAMES.test(file.name);
}

/**
 * Take what is dropped anywhere in the document, or pasted.
 *
 * @param take - is told of it.
 * @param hovering - whether something is being held over the page.
 */
export function receive(take: (chosen: Chosen) => void, hovering: (on: boolean) => void): void {
  let depth = 0;
  const over = (by: number) => {
    depth = Math.max(0, depth + by);
    hovering(depth > 0);
  };
  document.addEventListener("dragenter", (event) => carriesFiles(event) && over(1));
  document.addEventListener("dragleave", (event) => carriesFiles(event) && over(-1));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    // without this the browser would open the picture in place of the page
    event.preventDefault();
    over(-depth);
    if (event.dataTransfer) void filesIn(event.dataTransfer).then(take);
  });
  document.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files;
    if (files?.length) take(picturesAmong(files, false));
  });
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** Files that were dropped, with those in folders; of these only the pictures. */
async function filesIn(data: DataTransfer): Promise<Chosen> {
  // the list is emptied when the event is over, so entries are taken before anything is awaited
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return picturesAmong(data.files, false);
  const found: File[] = [];
  for (const entry of entries) if (entry) await walk(entry, found);
  return picturesAmong(found, true);
}

async function walk(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File | null>((resolve) =>
      (entry as FileSystemFileEntry).file(resolve, () => resolve(null)),
    );
    if (file) found.push(file);
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // a reader gives some entries at a time, and none at the end
    const some = await new Promise<FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    );
    if (some.length === 0) return;
    for (const each of some) await walk(each, found);
  }
}
