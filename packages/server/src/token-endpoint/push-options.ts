import type { OptionNames } from '../http/require-known-options.js';

/** Limits of the event streams of a token endpoint. */
export interface PushOptions {
  /** Open event streams of this instance. More get 429. @defaultValue 10,000 */
  readonly maxConnections?: number;
  /**
   * Open event streams of one client address; an IPv6 network of 64 bits counts as one. A page has one for each of its token
   * endpoints. The handler has to be called with `clientAddress`. @defaultValue 100
   */
  readonly maxPerAddress?: number;
  /** Open event streams of one user that `authorize` names. @defaultValue 50 */
  readonly maxPerUser?: number;
  /**
   * Longest life of an event stream, in seconds. The page opens another one, and `authorize` decides again. With the claim `exp`,
   * `authorize` sets an earlier end. @defaultValue 600
   */
  readonly lifetimeSeconds?: number;
  /** Time between two comments that keep the connection open, in seconds, at most 25. @defaultValue 20 */
  readonly heartbeatSeconds?: number;
  /** Ends all event streams, for a server that stops. @defaultValue never */
  readonly signal?: AbortSignal;
}

export interface PushLimits {
  readonly maxConnections: number;
  readonly maxPerAddress: number;
  readonly maxPerUser: number;
  readonly lifetimeSeconds: number;
  readonly heartbeatSeconds: number;
  readonly signal: AbortSignal | undefined;
}

export const pushOptionNames: OptionNames<PushOptions> = {
  maxConnections: true,
  maxPerAddress: true,
  maxPerUser: true,
  lifetimeSeconds: true,
  heartbeatSeconds: true,
  signal: true,
};

/** @throws TypeError if a limit is not a number in its range. */
export function pushLimits(options: PushOptions | true): PushLimits {
  const { maxConnections, maxPerAddress, maxPerUser, lifetimeSeconds, heartbeatSeconds, signal } =
    options === true ? {} : options;
  return {
    maxConnections: checked('maxConnections', maxConnections ?? 10_000, 1_000_000),
    maxPerAddress: checked('maxPerAddress', maxPerAddress ?? 100, 1_000_000),
    maxPerUser: checked('maxPerUser', maxPerUser ?? 50, 1_000_000),
    lifetimeSeconds: checked('lifetimeSeconds', lifetimeSeconds ?? 600, 86_400),
    heartbeatSeconds: checked('heartbeatSeconds', heartbeatSeconds ?? 20, 25),
    signal,
  };
}

function checked(name: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new TypeError(`push.${name} must be a whole number from 1 to ${String(most)}.`);
}
