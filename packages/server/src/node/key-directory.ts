import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JSONWebKeySet } from 'jose';
import * as v from 'valibot';
import type { KeySet } from '../key/key-set.js';
import {
  generateSigningKey,
  importSigningKey,
  type SigningAlgorithm,
  type SigningKey,
} from '../key/signing-key.js';

const MANIFEST = 'keys.json';
const KID = /^[\w.-]{1,128}$/;

const manifestSchema = v.object({
  keys: v.array(
    v.object({
      kid: v.pipe(v.string(), v.regex(KID)),
      alg: v.picklist(['RS256', 'ES256', 'EdDSA']),
      createdAt: v.pipe(v.string(), v.isoTimestamp()),
      activeFrom: v.pipe(v.string(), v.isoTimestamp()),
    }),
  ),
});

/** A key in the manifest. Its private key is in `<kid>.pem` in the same directory. */
export type KeyEntry = v.InferOutput<typeof manifestSchema>['keys'][number];

/** Reads the manifest of a key directory. Without a manifest there are no keys. */
export async function readKeyEntries(directory: string): Promise<KeyEntry[]> {
  let text: string;
  try {
    text = await readFile(join(directory, MANIFEST), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  const result = v.safeParse(manifestSchema, parseJson(text));
  if (!result.success)
    throw new Error(
      `${join(directory, MANIFEST)} is not a key manifest. Restore it, or use another directory.`,
    );
  return result.output.keys;
}

/**
 * The key that signs at `nowMs`: of the keys that are active by then, the newest. If none is, the clock was set back, and the
 * oldest key signs.
 */
export function activeEntry(entries: readonly KeyEntry[], nowMs: number): KeyEntry | undefined {
  const byStart = [...entries].sort((a, b) => Date.parse(a.activeFrom) - Date.parse(b.activeFrom));
  return byStart.findLast((entry) => Date.parse(entry.activeFrom) <= nowMs) ?? byStart[0];
}

export interface NewKeyOptions {
  readonly alg: SigningAlgorithm;
  readonly kid?: string | undefined;
  readonly nowMs: number;
  /** Milliseconds between publishing the key and signing with it. The first key signs immediately. */
  readonly delayMs: number;
}

/** Creates a key in the directory, readable by its owner only. */
export async function addKey(directory: string, options: NewKeyOptions): Promise<KeyEntry> {
  const { alg, nowMs, delayMs } = options;
  const entries = await readKeyEntries(directory);
  const { key, pem } = await generateSigningKey({ alg, kid: options.kid });
  if (!KID.test(key.kid)) throw new Error('The kid must have 1 to 128 letters, digits, ".", "_" or "-".');
  if (entries.some((entry) => entry.kid === key.kid))
    throw new Error(`A key with the kid "${key.kid}" already exists in ${directory}. Choose another kid.`);
  const activeFromMs = entries.length === 0 ? nowMs : nowMs + delayMs;
  const entry: KeyEntry = {
    kid: key.kid,
    alg,
    createdAt: new Date(nowMs).toISOString(),
    activeFrom: new Date(activeFromMs).toISOString(),
  };
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(join(directory, `${key.kid}.pem`), `${pem.trim()}\n`, { mode: 0o600, flag: 'wx' });
  await writeManifest(directory, [...entries, entry]);
  return entry;
}

/** Removes keys that stopped signing more than `keepMs` ago. By then their tokens have expired. */
export async function pruneKeys(directory: string, nowMs: number, keepMs: number): Promise<KeyEntry[]> {
  const entries = await readKeyEntries(directory);
  const active = activeEntry(entries, nowMs);
  const isOld = (entry: KeyEntry) => {
    const nextFromMs = entries
      .map((other) => Date.parse(other.activeFrom))
      .filter((fromMs) => fromMs > Date.parse(entry.activeFrom))
      .sort((a, b) => a - b)[0];
    return entry !== active && nextFromMs !== undefined && nextFromMs + keepMs < nowMs;
  };
  const old = entries.filter(isOld);
  if (old.length === 0) return [];
  await writeManifest(
    directory,
    entries.filter((entry) => !old.includes(entry)),
  );
  for (const { kid } of old) await rm(join(directory, `${kid}.pem`), { force: true });
  return old;
}

/** A key set that is read from a directory. */
export interface KeyDirectory extends KeySet {
  /** Reads the directory again. If that fails, the promise rejects and the current keys stay in use. */
  reload(): Promise<void>;
}

/**
 * Opens a directory that `gatecast keys` created. A new key becomes active at its time, without a reload.
 *
 * @param directory - path of the directory.
 * @throws Error if the directory cannot be read or has no active key; TypeError if a key is damaged.
 * @example
 * ```ts
 * const keys = await openKeyDirectory('keys');
 * const issuer = jwtIssuer({ keys });
 * ```
 */
export async function openKeyDirectory(
  directory: string,
  now: () => number = Date.now,
): Promise<KeyDirectory> {
  let entries: KeyEntry[] = [];
  let keys: SigningKey[] = [];

  async function reload(): Promise<void> {
    const read = await readKeyEntries(directory);
    const imported = await Promise.all(
      read.map(async ({ kid, alg }) =>
        importSigningKey(await readFile(join(directory, `${kid}.pem`), 'utf8'), { kid, alg }),
      ),
    );
    if (!activeEntry(read, now()))
      throw new Error(
        `The directory ${directory} has no active key. Run "gatecast keys new --dir ${directory}", or correct the path.`,
      );
    const isSame =
      read.length === entries.length && read.every(({ kid }, index) => kid === entries[index]?.kid);
    // Without a change the list stays the same object, so that key lookups keep their cache.
    if (!isSame) keys = imported;
    entries = read;
  }

  await reload();
  return {
    get active() {
      const kid = activeEntry(entries, now())?.kid;
      const key = keys.find((candidate) => candidate.kid === kid);
      if (!key) throw new Error('No key is active.');
      return key;
    },
    get keys() {
      return keys;
    },
    jwks: (): JSONWebKeySet => ({ keys: keys.map((key) => key.publicJwk) }),
    reload,
  };
}

/** Written to another file and renamed, so that a server never reads a partial manifest. */
async function writeManifest(directory: string, keys: readonly KeyEntry[]): Promise<void> {
  const path = join(directory, MANIFEST);
  await writeFile(`${path}.new`, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  await chmod(path, 0o600);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
