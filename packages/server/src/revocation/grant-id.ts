import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64url } from 'jose';

const utf8 = new TextEncoder();
const TAG_BYTES = 12;
const RANDOM_BYTES = 12;
/** `<milliseconds since 1970, base 36>.<tag of the user, or ->.<random>` */
const GRANT_ID = /^([\da-z]{8,9})\.([\w-]{16}|-)\.[\w-]{16}$/;

/** What the id of a grant says: enough to find it revoked without a store of all grants. */
export interface GrantIdParts {
  readonly grantedAtMs: number;
  /** `undefined` if `authorize` named no user. */
  readonly userTag: string | undefined;
}

/**
 * Makes the pseudonym of a user in grant ids, 16 characters. Tokens stand in addresses and logs, so they do not have the user’s name;
 * and without the secret nobody can check a guess. The secret may have other uses: what is made with it here has a name of its own.
 */
export function makeUserTags(secret: string | Uint8Array): (user: string) => string {
  const key = derive(secret, 'gatecast users of revocations');
  return (user) => base64url.encode(hmac(sha256, key, utf8.encode(user)).subarray(0, TAG_BYTES));
}

/** A text by which processes compare their secrets, 16 characters. It shows nothing of the secret. */
export function makeSecretCheck(secret: string | Uint8Array): string {
  return base64url.encode(derive(secret, 'gatecast check of revocations').subarray(0, TAG_BYTES));
}

function derive(secret: string | Uint8Array, use: string): Uint8Array {
  return hmac(sha256, typeof secret === 'string' ? utf8.encode(secret) : secret, utf8.encode(use));
}

/**
 * Claim with the id of the grant in tokens whose `jti` `authorize` has chosen. A name that is unlikely to be in use already (RFC 7519
 * section 4.3).
 */
export const GRANT_CLAIM = 'gatecast_grant';

/** A new id. Tokens have it as `jti`. */
export function makeGrantId(grantedAtMs: number, tag: string | undefined): string {
  const random = base64url.encode(crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)));
  return `${Math.floor(grantedAtMs).toString(36)}.${tag ?? '-'}.${random}`;
}

/** `null` for an id that this package did not make. */
export function readGrantId(id: unknown): GrantIdParts | null {
  const [, time, tag] = (typeof id === 'string' ? GRANT_ID.exec(id) : null) ?? [];
  if (time === undefined) return null;
  return { grantedAtMs: parseInt(time, 36), userTag: tag === '-' ? undefined : tag };
}

/** A random text of 22 characters. */
export function makeRandom(): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(16)));
}
