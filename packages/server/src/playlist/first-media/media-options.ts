import type { OptionNames } from '../../http/require-known-options.js';

/** Limits for media in the first token response. */
export interface FirstMediaOptions {
  /** Largest size of the media of one response in bytes, init and media segment together. @defaultValue 2,097,152 */
  readonly maxBytes?: number;
  /**
   * Longest time until the origin begins to respond, in milliseconds after the JSON part of the response. Then the response ends
   * without media, and the player requests the segment itself. @defaultValue 500
   */
  readonly firstByteMs?: number;
  /** Longest time until the origin has sent all media, in milliseconds after the JSON part. @defaultValue 1,000 */
  readonly timeoutMs?: number;
  /** Longest time for which a slow viewer may read the response, in milliseconds. @defaultValue 10,000 */
  readonly sendMs?: number;
  /**
   * Memory for media that are shared or being sent, in bytes. If it is full, responses have no media. @defaultValue 67,108,864
   */
  readonly memoryBytes?: number;
}

export const firstMediaOptionNames: OptionNames<FirstMediaOptions> = {
  maxBytes: true,
  firstByteMs: true,
  timeoutMs: true,
  sendMs: true,
  memoryBytes: true,
};

export type FirstMediaLimits = Required<FirstMediaOptions>;

const DEFAULTS: FirstMediaLimits = {
  maxBytes: 2_097_152,
  firstByteMs: 500,
  timeoutMs: 1000,
  sendMs: 10_000,
  memoryBytes: 67_108_864,
};

/** @throws TypeError if a limit is not a number above 0. */
export function firstMediaLimits(options: FirstMediaOptions): FirstMediaLimits {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (typeof value !== 'number' || !(value > 0))
      throw new TypeError(`The option bootstrap.media.${name} is not a number above 0.`);
  }
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}
