import { toNumericDate } from '@gatecast/contract';
import { isRecord, jsonOf, type Answer } from './finding.js';
import { readTime } from './read-time.js';

/** Longest token that players accept, in characters. */
const LONGEST = 16_384;
/** About three years, the longest `expires_in` that players accept. */
const LONGEST_LIFE_SECONDS = 1e8;
const TOKEN = /^(?:[a-z]{3,16} )?[!#-;=?-~]+$/i;

/** The item in a response that is not `{ "tokens": […] }`, as players read it: a text or one of the older forms. */
export function itemOfAnswer(answer: Answer): Record<string, unknown> {
  const json = jsonOf(answer);
  if (isRecord(json)) return json;
  const text = answer.text.trim();
  // Players refuse other JSON, and broken JSON.
  const isText = typeof json === 'number' || (json === undefined && !/^[{["]/.test(text));
  return { token: isText ? text : json };
}

/** An item without the envelopes and notations of the vendor's services, as players read it. */
export function plainItem(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  // Players refuse it, also with a token.
  if (given['success'] === false) return {};
  const data = isRecord(given['data']) ? given['data'] : given;
  const item = withCommonNames({
    expiresAt: given['expiresAt'],
    ...(isRecord(data['h5live']) ? data['h5live'] : data),
  });
  const { token, security, jwtoken, expires, tag, options } = item;
  if (isRecord(security)) return item;
  if (jwtoken) return { ...item, token: undefined, security: { jwtoken } };
  const isBare =
    [tag, options].some((field) => typeof field === 'string') && !String(token).startsWith('eyJ');
  return isBare ? { ...item, token: undefined, security: { token, expires, tag, options } } : item;
}

/** An item whose token and end have the names of the contract, not those of OAuth 2.0 or in camel case. */
function withCommonNames(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { accessToken, access_token = accessToken, token = access_token } = given;
  const { expires_at, expiresAt = expires_at, expiresIn, expires_in = expiresIn } = given;
  const item = { ...given, token, expiresAt };
  if (expires_in === undefined || expires_in === null || expires_in === '') return item;
  const seconds = readTime(expires_in);
  if (typeof seconds !== 'number' || seconds > LONGEST_LIFE_SECONDS)
    return { ...item, expiresAt: 'not a lifetime in seconds' };
  // A JWT has an end of its own, which is checked.
  return String(token).startsWith('eyJ') || (expiresAt !== undefined && expiresAt !== null)
    ? item
    : { ...item, expiresAt: toNumericDate(Date.now()) + seconds };
}

/** Is it a text that can be a token? A page or an error message is none. */
export function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.trim().length <= LONGEST && TOKEN.test(value.trim());
}

/** Does a security object have a token that players accept? */
export function isSecurity(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  const given = [value['token'], value['jwtoken']].filter((each) => each !== undefined && each !== '');
  return given.length > 0 && given.every((each) => isToken(typeof each === 'number' ? String(each) : each));
}
