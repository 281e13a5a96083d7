/** A licence server of one key system. */
export interface DrmServer {
  /** Where licences are requested, absolute or relative to the page. */
  readonly licenseUrl: string;
  /** Address of the server certificate, which FairPlay needs. Requested once, before the first licence. */
  readonly certificateUrl?: string | undefined;
  /** Headers of each request for a licence or certificate, besides that of the token. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * Licence servers by key system, each as an object or as the address of its licences. The browser uses the first of FairPlay,
 * Widevine, PlayReady and ClearKey that it has, and that the stream is encrypted for.
 *
 * Requests for licences and certificates carry the token of their stream, as all others do, if the origin of the server is that of
 * the source or in `token-origins`.
 */
export interface DrmOptions {
  /** Chrome, Edge, Firefox, Android. */
  readonly widevine?: DrmServer | string | undefined;
  /** Edge and Windows. */
  readonly playready?: DrmServer | string | undefined;
  /** Safari; needs `certificateUrl`. */
  readonly fairplay?: DrmServer | string | undefined;
  /** Keys without protection, in each browser that has encrypted media: for tests. */
  readonly clearkey?: DrmServer | string | undefined;
  /**
   * Where the token goes on these requests, written like `token-placement`: `header` for `Authorization: Bearer`.
   *
   * @defaultValue as `token-placement`
   */
  readonly placement?: string | undefined;
}
