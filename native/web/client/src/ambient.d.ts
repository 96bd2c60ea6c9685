/** What the bundler and the packages give, which bring no types of their own, or poor ones. */

declare module "*.wasm" {
  /** The file's path, relative to the code that imports it. */
  const path: string;
  export default path;
}

declare module "@jsquash/webp/codec/dec/webp_dec.js" {
  interface Decoder {
    decode(file: Uint8Array<ArrayBuffer>): ImageData | null;
  }
  export default function factory(options: object): Promise<Decoder>;
}

declare module "@jsquash/avif/codec/dec/avif_dec.js" {
  interface Decoder {
    decode(file: Uint8Array<ArrayBuffer>, bits: 8): ImageData | null;
  }
  export default function factory(options: object): Promise<Decoder>;
}

declare module "libheif-js/libheif-wasm/libheif.js" {
  /** Numbers are pointers, unless the C function says otherwise. */
  export interface LibHeif {
    HEAPU8: Uint8Array<ArrayBuffer>;
    _malloc(size: number): number;
    _free(at: number): void;
    _heif_context_alloc(): number;
    _heif_context_free(context: number): void;
    _heif_context_read_from_memory_without_copy(
      error: number,
      context: number,
      data: number,
      size: number,
      options: number,
    ): void;
    _heif_context_get_primary_image_handle(error: number, context: number, out: number): void;
    _heif_image_handle_release(handle: number): void;
    _heif_image_handle_get_width(handle: number): number;
    _heif_image_handle_get_height(handle: number): number;
    _heif_image_handle_has_alpha_channel(handle: number): number;
    _heif_decoding_options_alloc(): number;
    _heif_decoding_options_free(options: number): void;
    _heif_decode_image(
      error: number,
      handle: number,
      out: number,
      colorspace: number,
      chroma: number,
      options: number,
    ): void;
    _heif_image_get_plane_readonly(image: number, channel: number, stride: number): number;
    _heif_image_release(image: number): void;
  }
  export default function factory(options: object): LibHeif;
}
