import {
  isNumericDate,
  looksLikeMilliseconds,
  streamNameFault,
  toNumericDate,
  type NumericDate,
} from '@gatecast/contract';
import { Problem } from '../http/problem.js';

/** What is revoked: at least one of the three. Several narrow it: `user` and `stream` are one stream of one user. */
export interface RevocationTarget {
  /** User id that `authorize` returned, at most 256 characters. */
  readonly user?: string;
  /** Claim `jti` of a token, at most 256 characters. It ends this token only: its page gets another one. */
  readonly jti?: string;
  /** Name of a stream. */
  readonly stream?: string;
}

/** A request to end access. */
export interface RevokeRequest extends RevocationTarget {
  /** Short text for the viewer’s support and for logs, at most 200 characters. Pages receive it. @defaultValue none */
  readonly reason?: string;
  /** Code that pages get: the access has ended, or the stream is elsewhere. @defaultValue `revoked` */
  readonly code?: 'revoked' | 'moved';
  /**
   * End of the revocation, NumericDate seconds, at most a year from now. @defaultValue a minute after the latest end of a token that
   * exists now (`longestLifeSeconds`)
   */
  readonly until?: NumericDate;
  /** The same as seconds from now, by the clock of the server, at most a year. Set one of the two. */
  readonly forSeconds?: number;
  /**
   * May the token endpoint issue new tokens? `refuse` blocks the target until the end. `allow` ends only tokens that were issued
   * before, for example to make all devices of a user sign in again. @defaultValue `refuse`
   */
  readonly newTokens?: 'refuse' | 'allow';
}

/** A revocation in force. */
export interface Revocation extends RevocationTarget {
  readonly code: 'revoked' | 'moved';
  readonly reason?: string;
  /** NumericDate seconds with milliseconds. */
  readonly revokedAt: NumericDate;
  /** NumericDate seconds. */
  readonly until: NumericDate;
  readonly newTokens: 'refuse' | 'allow';
}

const LONGEST_ID = 256;
const LONGEST_REASON = 200;
const LONGEST_SECONDS = 365 * 86_400;
const MEMBERS = new Set(['user', 'jti', 'stream', 'reason', 'code', 'until', 'forSeconds', 'newTokens']);
const TARGET_MEMBERS = ['user', 'jti', 'stream'] as const;
/**
 * No control characters and separators of lines, which forge log lines; no bidirectional controls, with which a text shows other
 * than it is; no lone surrogates. Joiners stay: names of users and emoji have them.
 */
const PRINTABLE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]*$/u;

/** The revocations of the same target have the same name: a later one replaces an earlier one. */
export function targetKey({ user, jti, stream }: RevocationTarget): string {
  return JSON.stringify([user ?? null, jti ?? null, stream ?? null]);
}

/** The members that name the target. */
export function targetOf({ user, jti, stream }: RevocationTarget): RevocationTarget {
  return {
    ...(user !== undefined && { user }),
    ...(jti !== undefined && { jti }),
    ...(stream !== undefined && { stream }),
  };
}

/**
 * Checks a target from outside.
 *
 * @throws Problem `request-invalid` unless it is an object with at least one of `user`, `jti` and `stream`.
 */
export function readTarget(
  value: unknown,
  members: ReadonlySet<string> = new Set(TARGET_MEMBERS),
): RevocationTarget {
  const given = requireObject(value);
  const unknown = Object.keys(given).find((name) => !members.has(name));
  if (unknown !== undefined) throw invalid(`"${unknown.slice(0, 40)}" is not a member of this request.`);
  const target = targetOf({
    ...optional('user', readId(given['user'], 'user')),
    ...optional('jti', readId(given['jti'], 'jti')),
    ...optional('stream', readStream(given['stream'])),
  });
  if (Object.keys(target).length > 0) return target;
  throw invalid('The request names none of "user", "jti" and "stream".');
}

/**
 * Checks a request to revoke, and adds the defaults.
 *
 * @param lastTokenSeconds - time after which no token of before is left.
 * @throws Problem `request-invalid`
 */
export function readRevocation(value: unknown, nowMs: number, lastTokenSeconds: number): Revocation {
  const target = readTarget(value, MEMBERS);
  const given = requireObject(value);
  return {
    ...target,
    code: readChoice(given['code'], 'code', ['revoked', 'moved']),
    ...optional('reason', readReason(given['reason'])),
    revokedAt: nowMs / 1000,
    until: readEnd(given, nowMs) ?? toNumericDate(nowMs) + lastTokenSeconds + 1,
    newTokens: readChoice(given['newTokens'], 'newTokens', ['refuse', 'allow']),
  };
}

/**
 * Reads an entry of a store. `null` for what is not one: another program may have written it. A later version may have written more
 * members, which are left out, and other choices: then access ends, as by default.
 */
export function readStored(text: string): Revocation | null {
  try {
    const value = requireObject(JSON.parse(text));
    const { revokedAt, until, code, newTokens, reason } = value;
    if (!isNumericDate(revokedAt) || !isNumericDate(until)) return null;
    const target = readTarget(targetOf(value));
    return {
      ...target,
      code: code === 'moved' ? code : 'revoked',
      ...optional('reason', readReason(reason)),
      revokedAt,
      until,
      newTokens: newTokens === 'allow' ? newTokens : 'refuse',
    };
  } catch {
    return null;
  }
}

function requireObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw invalid('The request is not a JSON object.');
}

/** Can the user or token with this id be revoked? */
export function isRevocableId(id: string): boolean {
  return id !== '' && id.length <= LONGEST_ID && PRINTABLE.test(id);
}

function readId(value: unknown, name: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && isRevocableId(value)) return value;
  throw invalid(
    `"${name}" must be a text of 1 to ${String(LONGEST_ID)} characters without control characters.`,
  );
}

function readStream(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && streamNameFault(value) === null) return value;
  throw invalid('"stream" is not the name of a stream.');
}

function readReason(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.length <= LONGEST_REASON && PRINTABLE.test(value)) return value;
  throw invalid(`"reason" must be a text of at most ${String(LONGEST_REASON)} characters in one line.`);
}

function readEnd(given: Readonly<Record<string, unknown>>, nowMs: number): number | undefined {
  const seconds = given['forSeconds'];
  if (seconds === undefined) return readUntil(given['until'], nowMs);
  if (given['until'] !== undefined) throw invalid('The request has both "until" and "forSeconds".');
  const isTime =
    typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_SECONDS;
  if (isTime) return Math.ceil(nowMs / 1000) + seconds;
  throw invalid('"forSeconds" must be a whole number from 1 to 31,536,000.');
}

function readUntil(value: unknown, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (looksLikeMilliseconds(value)) throw invalid('"until" looks like milliseconds. Divide it by 1000.');
  const isEnd = isNumericDate(value) && value * 1000 > nowMs && value <= nowMs / 1000 + LONGEST_SECONDS;
  if (isEnd) return value;
  throw invalid('"until" must be a time in the next 365 days, in seconds since 1970.');
}

/** The first choice is the default. */
function readChoice<T extends string>(value: unknown, name: string, choices: readonly [T, T]): T {
  if (value === undefined) return choices[0];
  const chosen = choices.find((choice) => choice === value);
  if (chosen !== undefined) return chosen;
  throw invalid(`"${name}" must be "${choices[0]}" or "${choices[1]}".`);
}

function optional<K extends string>(name: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, string>);
}

function invalid(message: string): Problem {
  return new Problem('request-invalid', message, {
    hint: 'Send for example { "user": "u-1", "stream": "demo", "reason": "Ticket 7" }.',
  });
}
