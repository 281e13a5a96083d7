import { looksLikeMilliseconds, ownEnds } from '@gatecast/contract';
import { readSchemes } from '../issuer/read-schemes.js';
import type { Explained, Findings } from './finding.js';
import { looksRandom } from './looks-random.js';
import { partsOfAddress, timesOf } from './token-in-address.js';

/** What an address says about the signature in it. */
export interface SignedAddress {
  /** Who checks it: a CDN that an issuer signs for, a store or rule, what has the key of a JWT, or unknown. */
  readonly kind: 'issuer' | 'other' | 'signed-claims' | 'unknown';
  /** Name of the scheme, such as `CloudFront canned policy`. */
  readonly scheme: string;
  /** NumericDate seconds; `null` if the address does not say it. */
  readonly expiresAt: number | null;
  /** Mistakes, one sentence each. */
  readonly warnings: readonly string[];
}

/** What reads or checks an address of each kind. */
const toolFor = {
  issuer: ' "gatecast token verify --config" checks it as the CDN does.',
  'signed-claims': ' "gatecast token inspect" reads the JWT.',
  other: '',
  unknown: '',
} as const;

/** Longer addresses are not read. */
const LONGEST = 16_384;
/** A viewer who starts later than this before the end sees little. */
const SHORT_LIFE_S = 60;

/** Signed addresses of stores and rules that are none of the issuers. */
const others: readonly {
  readonly scheme: string;
  readonly read: (query: URLSearchParams) => number | null | undefined;
}[] = [
  { scheme: 'presigned URL of S3', read: (query) => presignedEnd(query, 'X-Amz') },
  { scheme: 'signed URL of Google Cloud Storage', read: (query) => presignedEnd(query, 'X-Goog') },
  {
    scheme: 'shared access signature of Azure',
    read: (query) => (query.has('sig') && query.has('se') ? secondsOf(query.get('se') ?? '') : undefined),
  },
  {
    // Its life is in the rule, and not in the address.
    scheme: 'token authentication of Cloudflare rules (verify)',
    read: (query) => (/^\d{9,11}-.{20,}$/s.test(query.get('verify') ?? '') ? null : undefined),
  },
];

/** Reads the signature in an address, without verifying it; `null` if there is none of a known form. Takes linear time. */
export function readSignedAddress(address: string): SignedAddress | null {
  if (address.length > LONGEST) return null;
  const [known] = readSchemes(address);
  if (known) return { ...known, kind: 'issuer' };
  const { searchParams } = new URL(address);
  for (const { scheme, read } of others) {
    const expiresAt = read(searchParams);
    if (expiresAt !== undefined) return { kind: 'other', scheme, expiresAt, warnings: [] };
  }
  const jwt = partsOfAddress(address)
    .map(timesOf)
    .find((times) => times !== null);
  if (jwt) return readJwt(jwt.exp);
  const ends = ownEnds({ url: address });
  // Without a signature, an end protects nothing.
  return ends.length > 0 && partsOfAddress(address).some(mayBeSignature)
    ? {
        kind: 'unknown',
        scheme: 'of a form that the doctor does not know',
        expiresAt: Math.min(...ends),
        warnings: [],
      }
    : null;
}

function readJwt(exp: number | null): SignedAddress {
  return looksLikeMilliseconds(exp)
    ? {
        kind: 'signed-claims',
        scheme: 'JWT',
        expiresAt: exp / 1000,
        warnings: [
          'Its exp is in milliseconds. Origins read seconds, so that it ends in thousands of years.',
        ],
      }
    : { kind: 'signed-claims', scheme: 'JWT', expiresAt: exp, warnings: [] };
}

/** A value, or one of the fields in it. */
function mayBeSignature(part: string): boolean {
  return part.split(/[=~&,;]/).some(looksRandom);
}

/** Says of the address that a person gave how it is signed, and when that ends. */
export function checkSignedAddress(signed: SignedAddress, originNowMs: number, findings: Findings): void {
  const { scheme, expiresAt, warnings } = signed;
  const leftS = expiresAt === null ? null : Math.round(expiresAt - originNowMs / 1000);
  if (leftS === null) findings.ok(`is signed (${scheme}). When it ends is not in the address`);
  else if (leftS <= 0)
    findings.warning(
      `The address is signed (${scheme}). It ended ${String(-leftS)} s ago, and the origin still accepts it.`,
      'Let the origin check the end.',
    );
  else if (leftS < SHORT_LIFE_S)
    findings.warning(
      `The address is signed (${scheme}), and ends in ${String(leftS)} s. A player cannot renew it.`,
      'Sign it for longer, or let a token endpoint sign it (token-url).',
    );
  else findings.ok(`is signed (${scheme}), and ends in ${String(leftS)} s`);
  for (const warning of warnings)
    findings.warning(`The address is signed (${scheme}). ${warning}`, 'Correct what signs the address.');
}

/** Why an origin refuses a signed address. */
export function describeSignedRefusal(
  { kind, scheme, expiresAt }: SignedAddress,
  originNowMs: number,
): Explained {
  const agoS = expiresAt === null ? 0 : Math.floor(originNowMs / 1000 - expiresAt);
  return agoS > 0
    ? {
        what: `The address is signed (${scheme}), and ended ${String(agoS)} s ago.`,
        change: 'Take a new address, or name the token endpoint with --token-url.',
      }
    : {
        what: `The address is signed (${scheme}), ${expiresAt === null ? 'and may have ended' : 'and has not ended'}.`,
        change: `Compare the key, and the path and IP address that are signed, with what the origin expects. Copy the address whole.${toolFor[kind]}`,
      };
}

function presignedEnd(query: URLSearchParams, prefix: string): number | null | undefined {
  if (!query.has(`${prefix}-Signature`)) return undefined;
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get(`${prefix}-Date`) ?? '') ?? [];
  const life = /^\d{1,7}$/.exec(query.get(`${prefix}-Expires`) ?? '')?.[0];
  if (year === undefined || life === undefined) return null;
  const start = secondsOf(
    `${year}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`,
  );
  return start === null ? null : start + Number(life);
}

function secondsOf(date: string): number | null {
  const ms = Date.parse(date);
  return Number.isNaN(ms) ? null : ms / 1000;
}
