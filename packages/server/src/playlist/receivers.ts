import { sha256 } from '@noble/hashes/sha2.js';
import { base64url } from 'jose';
import { isNumericDate, toNumericDate, type NumericDate } from '@gatecast/contract';
import * as v from 'valibot';
import type { OptionNames } from '../http/require-known-options.js';
import { Problem } from '../http/problem.js';
import { withStore, type GuardedStore } from '../limits/store-policy.js';
import { makeGrantId, readGrantId } from '../revocation/grant-id.js';
import { packGrants, unpackGrants } from './cookie-claims.js';
import type { PlaylistGrant } from './playlist-cookie.js';
import { memoryReceiverStore, type ReceiverStore } from './receiver-store.js';

/** Addresses for receivers, such as AirPlay and Cast, which have no cookie. */
export interface ReceiverOptions {
  /** @defaultValue `memoryReceiverStore()`, for one instance */
  readonly store?: ReceiverStore;
  /**
   * Time in seconds, 90 to 3,600, for which a receiver may go on after the page has renewed its address last, if the page's grant
   * lasts as long: an address never ends later than the grant that the page had at its last renewal. A page renews it three
   * times in that time. Less than 90 would be too short for hidden pages, whose timers run once a minute. @defaultValue 120
   */
  readonly ttlSeconds?: number;
  /** Longest time from the first request of an address to its end, in seconds, `ttlSeconds` to 604,800. @defaultValue 14,400 (four hours) */
  readonly maxSeconds?: number;
}

export const receiverOptionNames: OptionNames<ReceiverOptions> = {
  store: true,
  ttlSeconds: true,
  maxSeconds: true,
};

/** A request of a page about its receiver. */
export interface ReceiverRequest {
  /** Secret that the page has made up: 128 random bits or more in base64url. */
  readonly receiver: string;
  /** Address of the playlist, as for the player itself. */
  readonly url: string;
  readonly stream?: string | undefined;
  /** Ends the address instead of renewing it. */
  readonly end?: boolean | undefined;
}

/** What a receiver may play. */
export interface ReceiverGrant {
  readonly grant: PlaylistGrant;
  /** Id of the page's own grant, with which the receiver ends. */
  readonly pageGrantId: string;
}

/** Opens, renews and finds receivers. */
export interface Receivers {
  /**
   * @returns when the address ends: never later than the page's grant.
   * @throws Problem `forbidden` after the longest time, after the end, and for another owner; `store-unavailable`
   */
  renew(request: ReceiverRequest, page: PlaylistGrant): Promise<NumericDate>;
  /** @throws Problem `forbidden`, `store-unavailable` */
  end(request: ReceiverRequest, page: PlaylistGrant): Promise<void>;
  /** @throws Problem `forbidden` if there is none, `store-unavailable` */
  find(secret: string): Promise<ReceiverGrant>;
}

const SECRET = /^[\w-]{22,64}$/;

const requestSchema = v.object({
  receiver: v.pipe(v.string(), v.regex(SECRET)),
  url: v.pipe(v.string(), v.maxLength(8192)),
  stream: v.optional(v.pipe(v.string(), v.maxLength(1024))),
  end: v.optional(v.boolean()),
});

/** @throws Problem `request-invalid` */
export function readReceiverRequest(body: unknown): ReceiverRequest {
  const result = v.safeParse(requestSchema, body);
  if (result.success) return result.output;
  throw new Problem('request-invalid', 'The request for a receiver is not valid.', {
    hint: 'Send { "receiver": <22 to 64 random characters of base64url>, "url": <playlist>, "stream"?: <name>, "end"?: true }.',
  });
}

const recordSchema = v.object({
  user: v.exactOptional(v.string()),
  session: v.exactOptional(v.string()),
  page: v.string(),
  since: v.custom<number>(isNumericDate),
  packed: v.record(v.string(), v.unknown()),
});

type ReceiverRecord = v.InferOutput<typeof recordSchema>;

/** @throws TypeError if a time is out of range. */
export function createReceivers(options: ReceiverOptions, guard: GuardedStore, now: () => number): Receivers {
  const { store = memoryReceiverStore({ now }), ttlSeconds = 120, maxSeconds = 14_400 } = options;
  requireRange('ttlSeconds', ttlSeconds, 90, 3600);
  requireRange('maxSeconds', maxSeconds, ttlSeconds, 604_800);
  // A store that is down never opens the way to a stream.
  const closed: GuardedStore = { ...guard, policy: 'closed' };
  const inStore = <T>(action: () => Promise<T | null>): Promise<T | null> => withStore(closed, action, null);

  async function load(secret: string): Promise<ReceiverRecord | null> {
    const text = SECRET.test(secret) ? await inStore(() => store.get(keyOf(secret))) : null;
    return text === null ? null : readRecord(text);
  }

  async function write(key: string, value: string, ttlMs: number): Promise<void> {
    await inStore(async () => {
      await store.set(key, value, ttlMs);
      return true;
    });
  }

  async function forget(secret: string): Promise<void> {
    await inStore(async () => {
      await store.delete(keyOf(secret));
      return true;
    });
  }

  /** From now on, no renewal opens the address, also one that is on its way. */
  function close(secret: string): Promise<void> {
    return write(closedKeyOf(secret), '1', maxSeconds * 1000);
  }

  async function requireNotClosed(secret: string): Promise<void> {
    if ((await inStore(() => store.get(closedKeyOf(secret)))) === null) return;
    await forget(secret);
    // A page that goes on asking does not wait until it is forgotten.
    await close(secret);
    throw new Problem('forbidden', 'The address of this receiver has ended for good.', {
      hint: 'Make up another secret for each choice of a receiver.',
    });
  }

  /** An address belongs to whom it was made for. */
  function requireOwner(
    record: ReceiverRecord | null,
    known: PlaylistGrant | null,
    page: PlaylistGrant,
  ): void {
    if (!record || !known) return;
    if (record.user === page.user && record.session === page.session && known.stream === page.stream) return;
    throw new Problem('forbidden', 'The receiver belongs to another stream or viewer.', {
      hint: 'Make up another secret for each stream and viewer.',
    });
  }

  return {
    async renew({ receiver }, page) {
      const record = await load(receiver);
      const known = record && grantOf(record);
      requireOwner(record, known, page);
      const nowSeconds = toNumericDate(now());
      const since = record?.since ?? nowSeconds;
      const lastEnd = since + maxSeconds;
      if (lastEnd <= nowSeconds) {
        await close(receiver);
        throw new Problem('forbidden', 'The receiver has played for the longest time that is allowed.', {
          hint: 'Let the viewer choose the receiver again, or set receivers.maxSeconds of the playlist signer.',
        });
      }
      if (!record) await requireNotClosed(receiver);
      const expiresAt = Math.min(nowSeconds + ttlSeconds, lastEnd, page.expiresAt);
      const { jti: _, ...claims } = page.claims;
      const id = known?.id ?? makeGrantId(now(), readGrantId(page.id)?.userTag);
      const { stream, restrictions, user, session } = page;
      const renewed: ReceiverRecord = {
        ...(user !== undefined && { user }),
        ...(session !== undefined && { session }),
        page: page.id,
        since,
        packed: { ...packGrants([{ stream, restrictions, claims, id, expiresAt }]) },
      };
      // Longer than it may play: a later renewal must find when it began.
      await write(keyOf(receiver), JSON.stringify(renewed), (lastEnd + ttlSeconds) * 1000 - now());
      // The page may have ended it in between.
      await requireNotClosed(receiver);
      return expiresAt;
    },

    async end({ receiver }, page) {
      const record = await load(receiver);
      requireOwner(record, record && grantOf(record), page);
      await close(receiver);
      await forget(receiver);
    },

    async find(secret) {
      const record = await load(secret);
      const grant = record && grantOf(record);
      if (record && grant && grant.expiresAt * 1000 > now()) return { grant, pageGrantId: record.page };
      throw new Problem('forbidden', 'The address of this receiver is not valid, or has ended.', {
        hint: 'The page that gave it renews it while it is open and has access to the stream.',
      });
    },
  };
}

/** A hash, so that nobody who reads the store can play. */
function keyOf(secret: string): string {
  return base64url.encode(sha256(new TextEncoder().encode(secret)));
}

function closedKeyOf(secret: string): string {
  return `${keyOf(secret)}:closed`;
}

function readRecord(text: string): ReceiverRecord | null {
  try {
    const result = v.safeParse(recordSchema, JSON.parse(text));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

function grantOf({ user, session, packed }: ReceiverRecord): PlaylistGrant | null {
  const [grant] = unpackGrants(packed);
  return grant ? { ...grant, user, session } : null;
}

function requireRange(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new TypeError(
    `receivers.${name} must be a whole number from ${String(min)} to ${String(max)} seconds, not ${String(value)}.`,
  );
}
