import type { TokenPart } from '@gatecast/contract';
import { advice, isRecord, required, type Finding } from './finding.js';

/** The members of an item that say where its token goes. */
const PLACES = ['query', 'headers', 'path', 'cookie', 'url'] as const;
const MAX_FIELDS = 32;
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?:$|\/)/i;

interface Rule {
  readonly isRight: (value: unknown) => boolean;
  readonly detail: string;
}

/** What players accept; they refuse the whole response otherwise. */
const rules: Readonly<Record<(typeof PLACES)[number] | 'origins', Rule>> = {
  query: {
    isRight: (value) => hasFields(value, (name, text) => name !== '' && /^[!-~]+$/.test(text)),
    detail: 'Send an object of 1 to 32 texts, as they stand in an address: without spaces, percent-encoded.',
  },
  headers: {
    isRight: (value) => hasFields(value, (name, text) => HEADER_NAME.test(name) && /^[ -~]+$/.test(text)),
    detail: 'Send an object of 1 to 32 header fields of printable ASCII.',
  },
  path: {
    isRight: (value) =>
      typeof value === 'string' &&
      /^(?!\/\/)[!-~]+$/.test(value) &&
      !/[?#\\]/.test(value) &&
      !DOT_SEGMENT.test(value),
    detail:
      'Send a prefix that begins with one slash, or one path segment. No query, and no "." or ".." segment.',
  },
  cookie: { isRight: (value) => value === true, detail: 'Players ignore it. Send true, or omit the member.' },
  url: {
    isRight: (value) => typeof value === 'string' && /^https?:\/\/[!-~]+$/.test(value) && isAddress(value),
    detail: 'Send a full http or https address without a user name.',
  },
  origins: {
    isRight: (value) =>
      Array.isArray(value) && value.length > 0 && value.length <= MAX_FIELDS && value.every(isOrigin),
    detail: 'Send a list of 1 to 32 origins such as "https://cdn.example.com".',
  },
};

/** Does an item say itself where its token goes? */
export function hasPlace(item: Readonly<Record<string, unknown>>): boolean {
  return PLACES.some((name) => (name === 'cookie' ? item[name] === true : isGiven(item[name])));
}

/** Checks the members of an item that say where its token goes. */
export function checkPlace(item: Readonly<Record<string, unknown>>): Finding[] {
  return Object.entries(rules)
    .filter(([name]) => isGiven(item[name]))
    .map(([name, { isRight, detail }]) =>
      (name === 'cookie' ? advice : required)(
        isRight(item[name]),
        `"${name}" has a form that players accept`,
        detail,
      ),
    );
}

/** What of an item can be read for its end. */
export function readablePart(item: Readonly<Record<string, unknown>>): TokenPart {
  const readable = Object.entries(item).filter(([name, value]) =>
    name === 'token'
      ? typeof value === 'string'
      : isGiven(value) && name in rules && rules[name as keyof typeof rules].isRight(value),
  );
  return Object.fromEntries(
    readable.map(([name, value]) => [name, isRecord(value) ? textsOf(value) : value]),
  );
}

/** Players write numbers as texts. */
function textsOf(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
}

/** Players take `null` for a member that is not there. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function hasFields(value: unknown, isRight: (name: string, text: string) => boolean): boolean {
  const fields = isRecord(value) ? Object.entries(value) : [];
  const isCounted = fields.length > 0 && fields.length <= MAX_FIELDS;
  const textOf = (value: unknown) =>
    typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
  return isCounted && fields.every(([name, value]) => isRight(name, textOf(value)));
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && new URL(text).username === '';
}

function isOrigin(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && /^https?:/.test(new URL(value).origin);
}
