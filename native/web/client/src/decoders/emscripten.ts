/** What Emscripten's glue takes and gives, as far as it is used here. */

import { damaged, PictureProblem } from "../problem.ts";
import type { Samples } from "../pixels.ts";
import { Kept, moduleAt } from "./modules.ts";

export interface Glue {
  HEAPU8: Uint8Array;
}

export interface GlueOptions {
  noInitialRun: boolean;
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance) => void,
  ): object;
  print(line: string): void;
  printErr(line: string): void;
}

/** Options that give the glue a module we fetched, and leave it silent. */
export function silently(module: WebAssembly.Module): GlueOptions {
  return {
    noInitialRun: true,
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
    print: () => undefined,
    printErr: () => undefined,
  };
}

/** A decoder of jSquash: one function, which gives RGB and alpha, or null. */
export function decoder<Decoder>(
  factory: (options: GlueOptions) => Promise<Decoder>,
  url: URL,
  run: (
    decoder: Decoder,
    file: Uint8Array<ArrayBuffer>,
    memory: () => ArrayBuffer,
  ) => ImageData | null,
  what: string,
): (file: Uint8Array<ArrayBuffer>) => Promise<Samples> {
  let memory: WebAssembly.Memory | undefined;
  const kept = new Kept(
    async () => {
      const options = silently(await moduleAt(url));
      return factory({
        ...options,
        instantiateWasm(imports, done) {
          const exports = options.instantiateWasm(imports, done);
          memory = Object.values(exports).find((each) => each instanceof WebAssembly.Memory);
          return exports;
        },
      });
    },
    () => memory?.buffer.byteLength ?? Infinity,
  );
  return (file) =>
    kept.use((instance) => {
      let picture: ImageData | null;
      try {
        picture = run(instance, file, () => memory!.buffer);
      } catch (error) {
        if (outOfMemory(error)) throw noMemory();
        if (error instanceof WebAssembly.RuntimeError) throw error; // the worker is told
        picture = null; // exceptions and exits of the C code, whatever their kind
      }
      if (!picture) throw damaged(what);
      return { data: picture.data, width: picture.width, height: picture.height, channels: 4 };
    });
}

export function outOfMemory(error: unknown): boolean {
  return error instanceof RangeError || /memory|OOM/i.test(String(error));
}

export function noMemory(): PictureProblem {
  return new PictureProblem("too_large", "The picture needs more memory than there is here.");
}
