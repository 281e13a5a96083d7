import { checkOptions } from '@gatecast/token';

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
}

/** Properties of the element that this engine reads. */
export interface WhepOptions {
  readonly whepConfig: WhepConfig;
  /** Licence servers, which it cannot use. */
  readonly drm: object | null;
  readonly tokenPlacement: string;
  readonly tokenOrigins: string;
}

/** @see https://w3c.github.io/webrtc-extensions/#dom-rtcrtpreceiver-jitterbuffertarget */
const LONGEST_TARGET_MS = 4000;

/** @throws GatecastError `option-invalid` */
export function checkWhepConfig(config: WhepConfig): void {
  checkOptions('whepConfig', config, {
    iceServers: [Array.isArray, 'a list of STUN and TURN servers'],
    jitterBufferTargetMs: [
      (value) => typeof value === 'number' && value >= 0 && value <= LONGEST_TARGET_MS,
      `a number of milliseconds from 0 to ${String(LONGEST_TARGET_MS)}`,
    ],
  });
}
