import { isNumericDate, type TokenRequest } from '@gatecast/contract';
import { Problem } from '../http/problem.js';
import type { Grant, GrantedStream, StreamGrant } from './grant.js';

/**
 * The result of `authorize`: the caller, and token options for all streams, with exceptions per stream. It has at least one
 * member; another member, or one of another type, is refused.
 */
export interface Authorization extends Omit<StreamGrant, 'expiresAt' | 'id'> {
  /** User id, not empty: for rate limits, concurrent streams and logs. Without it only the limit by address applies. */
  readonly user?: string;
  /** Id of the device, not empty. If set, the limit of concurrent streams counts devices. */
  readonly device?: string;
  /**
   * The streams that the caller may access: a list of names, or an object with token options, `true` or `false` per name.
   * Streams that it does not list are refused. Streams that the caller did not request are ignored. @defaultValue all
   * requested streams
   */
  readonly streams?: readonly string[] | Readonly<Record<string, StreamOptions | boolean>>;
}

/** Token options for one stream. They override those for all streams. */
export type StreamOptions = Omit<StreamGrant, 'expiresAt' | 'id'>;

const SHAPE =
  'Return true, false or an object with at least one of "user", "device", "ttlSeconds", "claims", "restrictions" and "streams" from authorize.';

const LONGEST_SECONDS = 365 * 86_400;

type Check = (value: unknown, name: string) => void;

const OPTION_CHECKS: ReadonlyMap<string, Check> = new Map([
  ['ttlSeconds', checkLifetime],
  ['claims', checkClaims],
  ['restrictions', checkRestrictions],
]);

const CHECKS: ReadonlyMap<string, Check> = new Map([
  ...OPTION_CHECKS,
  ['user', checkText],
  ['device', checkText],
  ['streams', checkStreams],
]);

/**
 * Makes the grant from the result of `authorize`. Plain JavaScript may return anything, so that everything that is not
 * documented is refused.
 *
 * @throws Problem `forbidden` if the result is not `true`, `false` or an {@link Authorization}. The hint names the shape, the
 *   cause the fault.
 */
export function createGrant(answer: unknown, { purpose, streams }: TokenRequest): Grant {
  const authorization = readAuthorization(answer, streams);
  const { user, device } = authorization;
  return {
    purpose,
    user,
    device,
    streams: streams.flatMap((stream) => grantedStream(authorization, stream) ?? []),
  };
}

function readAuthorization(answer: unknown, requested: readonly string[]): Authorization {
  if (answer === true) return { streams: requested };
  if (answer === false) return { streams: [] };
  if (!isObject(answer)) throw malformed(`It is ${nameOfType(answer)}.`);
  if (Object.keys(answer).length === 0) throw malformed('It is an object without a documented member.');
  checkMembers(answer, CHECKS, '');
  return answer;
}

function grantedStream(authorization: Authorization, stream: string): GrantedStream | null {
  const own = ownOptions(authorization.streams, stream);
  if (own === false) return null;
  const ttlSeconds = own.ttlSeconds ?? authorization.ttlSeconds;
  const claims = { ...authorization.claims, ...own.claims };
  const { exp, jti } = claims;
  return {
    stream,
    id: typeof jti === 'string' ? jti : crypto.randomUUID(),
    ...(ttlSeconds !== undefined && { ttlSeconds }),
    ...(isNumericDate(exp) && { expiresAt: exp }),
    claims,
    restrictions: { ...authorization.restrictions, ...own.restrictions },
  };
}

/** The options of one stream, `false` if it is refused. */
function ownOptions(streams: Authorization['streams'], stream: string): StreamOptions | false {
  if (streams === undefined) return {};
  if (isList(streams)) return streams.includes(stream) ? {} : false;
  const own = Object.hasOwn(streams, stream) && streams[stream];
  return own === true ? {} : (own ?? false);
}

function checkMembers(value: object, checks: ReadonlyMap<string, Check>, path: string): void {
  for (const [name, member] of Object.entries(value)) {
    const check = checks.get(name);
    if (!check) throw malformed(`"${path}${name.slice(0, 40)}" is not a documented member.`);
    check(member, path + name);
  }
}

function checkText(value: unknown, name: string): void {
  if (typeof value !== 'string') throw malformed(`"${name}" is ${nameOfType(value)}, not a string.`);
  if (value === '') throw malformed(`"${name}" is empty.`);
}

function checkLifetime(value: unknown, name: string): void {
  const isLifetime =
    typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= LONGEST_SECONDS;
  if (!isLifetime) throw malformed(`"${name}" is not a whole number from 1 to 31,536,000.`);
}

function checkClaims(value: unknown, name: string): void {
  if (!isObject(value)) throw malformed(`"${name}" is ${nameOfType(value)}, not an object.`);
  const claims = new Map<string, unknown>(Object.entries(value));
  for (const time of ['exp', 'nbf', 'iat']) {
    if (claims.has(time) && !isNumericDate(claims.get(time)))
      throw malformed(`"${name}.${time}" is not a number of seconds since 1970.`);
  }
  if (claims.has('jti')) checkText(claims.get('jti'), `${name}.jti`);
}

function checkRestrictions(value: unknown, name: string): void {
  if (!isObject(value)) throw malformed(`"${name}" is ${nameOfType(value)}, not an object.`);
  checkMembers(value, new Map(['ip', 'referer', 'tag'].map((each) => [each, checkText])), `${name}.`);
}

function checkStreams(value: unknown, name: string): void {
  if (Array.isArray(value)) {
    value.forEach((stream) => checkText(stream, name));
    return;
  }
  if (!isObject(value)) throw malformed(`"${name}" is ${nameOfType(value)}, not a list or an object.`);
  for (const own of Object.values(value) as unknown[]) {
    if (typeof own === 'boolean') continue;
    if (!isObject(own))
      throw malformed(`"${name}" has a value that is ${nameOfType(own)}, not true, false or an object.`);
    checkMembers(own, OPTION_CHECKS, `${name}[…].`);
  }
}

/** Not an instance of a class, such as `Response` or `Map`, whose content is not in its members. */
function isObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm, such as a test runner's, has the Object.prototype of that realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isList(streams: NonNullable<Authorization['streams']>): streams is readonly string[] {
  return Array.isArray(streams);
}

function nameOfType(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an instance of a class' : `a ${typeof value}`;
}

/** The fault is for the log: the caller of the endpoint need not know the members of a session. */
function malformed(fault: string): Problem {
  return new Problem('forbidden', 'The result of authorize does not have the documented shape.', {
    hint: SHAPE,
    cause: new TypeError(fault),
  });
}
