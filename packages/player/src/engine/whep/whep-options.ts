/** Options of the `whep` engine. */
export interface WhepConfig {
  /** The page’s own STUN and TURN servers, besides those that the server names. @defaultValue none */
  readonly iceServers?: readonly RTCIceServer[] | undefined;
  /**
   * Milliseconds of media to keep before it is shown, from 0 to 4,000: more of them hide a bad network and add to the delay.
   *
   * @defaultValue the browser decides, by the jitter that it measures
   */
  readonly jitterBufferTargetMs?: number | undefined;
  /** Ask for sound only, for a stream that has no picture. @defaultValue false */
  readonly audioOnly?: boolean | undefined;
}

/** Properties of the element that this engine reads. */
export interface WhepOptions {
  readonly whepConfig: WhepConfig;
  /** Licence servers, which it cannot use. */
  readonly drm: object | null;
  readonly tokenPlacement: string;
  readonly tokenOrigins: string;
}
