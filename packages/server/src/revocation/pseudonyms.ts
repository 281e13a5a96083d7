import { makeRandom, makeSecretCheck, makeUserTags } from './grant-id.js';
import type { RevocationStore } from './revocation-store.js';

/** At least 32 characters or bytes. */
export type RevocationSecret = string | Uint8Array;

const SHORTEST = 32;

/** What the secrets of a process make. */
export interface Pseudonyms {
  /** The pseudonyms of a user, one for each secret: the first is for new tokens. */
  readonly tagsOf: (user: string) => readonly [string, ...string[]];
  /** A text for each secret, in the same order, by which processes compare them. */
  readonly checks: readonly [string, ...string[]];
}

/**
 * @throws TypeError if a secret is too short, or missing for a store that others share.
 */
export function makePseudonyms(
  given: RevocationSecret | readonly RevocationSecret[] | undefined,
  store: RevocationStore,
): Pseudonyms {
  if (given === undefined && store.isShared)
    throw new TypeError(
      'createRevocations needs a secret, because processes that share a store need the same one.',
    );
  const secrets = typeof given === 'string' || given instanceof Uint8Array ? [given] : (given ?? []);
  if (secrets.some((secret) => secret.length < SHORTEST))
    throw new TypeError(
      `The secret of createRevocations is shorter than ${String(SHORTEST)} characters or bytes. Make one: openssl rand -hex 32`,
    );
  const [first = makeRandom() + makeRandom(), ...former] = secrets;
  const make = makeUserTags(first);
  const others = former.map(makeUserTags);
  return {
    tagsOf: (user) => [make(user), ...others.map((makeOther) => makeOther(user))],
    checks: [makeSecretCheck(first), ...former.map(makeSecretCheck)],
  };
}
