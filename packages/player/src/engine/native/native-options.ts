/** Properties of the element that this engine reads. */
export interface NativeOptions {
  /** Address of the backend's playlist signer, relative to the page; empty for none. */
  readonly playlistSigner: string;
  /** Licence servers, which it cannot use. */
  readonly drm: object | null;
}
