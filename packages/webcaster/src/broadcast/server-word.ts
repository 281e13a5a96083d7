import { GatecastError } from '@gatecast/token';

/**
 * What the server has said. `receiving`: it receives the broadcast. `not-receiving`: the session exists, but no media
 * arrives. `session-ended`: the server has no session of this broadcast. `unreachable`: it could not be asked.
 */
export type OnAirReason = 'receiving' | 'not-receiving' | 'session-ended' | 'unreachable';

/** `null` when it is not known whether viewers get the broadcast. */
export interface ServerWord {
  readonly isOnAir: boolean | null;
  readonly reason: OnAirReason;
}

export const RECEIVING: ServerWord = { isOnAir: true, reason: 'receiving' };
export const NOT_RECEIVING: ServerWord = { isOnAir: false, reason: 'not-receiving' };
export const SESSION_ENDED: ServerWord = { isOnAir: false, reason: 'session-ended' };
export const UNREACHABLE: ServerWord = { isOnAir: null, reason: 'unreachable' };

/**
 * What an event of the ingest says; `null` for any other event. `active` and `inactive` are those of WHEP's extension; data
 * of `{ "reason": "ended" }`, or the event `ended`, says that the session is over.
 */
export function wordOfEvent({ type, data }: { type: string; data: string }): ServerWord | null {
  if (type === 'active') return RECEIVING;
  if (type === 'ended') return SESSION_ENDED;
  if (type !== 'inactive') return null;
  const details = parse(data);
  return isRecord(details) && details['reason'] === 'ended' ? SESSION_ENDED : NOT_RECEIVING;
}

/** Members of a status that servers use for "on air", the first one counts. */
const STATUS_MEMBERS = ['onAir', 'live', 'isLive', 'active', 'ready'];

/** What the JSON of `status-url` says; `null` if it does not say. */
export function wordOfStatus(text: string): ServerWord | null {
  const status = parse(text);
  if (!isRecord(status)) return null;
  const name = STATUS_MEMBERS.find((member) => typeof status[member] === 'boolean');
  if (name === undefined) return null;
  return status[name] === true ? RECEIVING : NOT_RECEIVING;
}

/** The connection looks well, and the server does not receive the broadcast. */
export function offAir(): GatecastError {
  return new GatecastError(
    'off-air',
    'The server does not receive this broadcast, although the connection seems intact.',
    {
      hint: 'End the broadcast and start it again. If this repeats, check the log of the ingest.',
      retryable: true,
    },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
