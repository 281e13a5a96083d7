import { isRecord, jsonOf, type Answer } from './finding.js';

/** Longest token that players accept, in characters. */
const LONGEST = 16_384;
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
  const item = { expiresAt: given['expiresAt'], ...(isRecord(data['h5live']) ? data['h5live'] : data) };
  const { token, security, jwtoken, expires, tag, options } = item as Record<string, unknown>;
  if (isRecord(security)) return item;
  if (jwtoken) return { ...item, token: undefined, security: { jwtoken } };
  const isBare =
    [tag, options].some((field) => typeof field === 'string') && !String(token).startsWith('eyJ');
  return isBare ? { ...item, token: undefined, security: { token, expires, tag, options } } : item;
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
