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

/** One key as the manifest lists it; its private half is `<kid>.pem` beside it. */
export type KeyEntry = v.InferOutput<typeof manifestSchema>['keys'][number];

/** Reads the manifest of a key directory; an absent one is an empty directory. */
export async function readKeyEntries(directory: string): Promise<KeyEntry[]> {
  let text: string;
  try {
    text = await readFile(join(directory, MANIFEST), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  const result = v.safeParse(manifestSchema, parseJson(text));
  if (!result.success) throw new Error(`${join(directory, MANIFEST)} is not a key manifest.`);
  return result.output.keys;
}

/** The entry that signs at an instant: of those already active, the one that became so last. */
export function activeEntry(entries: readonly KeyEntry[], nowMs: number): KeyEntry | undefined {
  const active = entries.filter((entry) => Date.parse(entry.activeFrom) <= nowMs);
  return active.sort((a, b) => Date.parse(a.activeFrom) - Date.parse(b.activeFrom)).at(-1);
}

export interface NewKeyOptions {
  readonly alg: SigningAlgorithm;
  readonly kid?: string | undefined;
  readonly nowMs: number;
  /** How long it is only published before it signs, in milliseconds; the first key signs at once. */
  readonly delayMs: number;
}

/** Makes a key in the directory, readable by its owner only. */
export async function addKey(directory: string, options: NewKeyOptions): Promise<KeyEntry> {
  const { alg, nowMs, delayMs } = options;
  const entries = await readKeyEntries(directory);
  const { key, pem } = await generateSigningKey({ alg, kid: options.kid });
  if (!KID.test(key.kid)) throw new Error('A kid is 1 to 128 letters, digits, ".", "_" or "-".');
  if (entries.some((entry) => entry.kid === key.kid))
    throw new Error(`There already is a key with kid "${key.kid}".`);
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

/** Removes keys that stopped signing longer than `keepMs` ago; their last tokens have ended by then. */
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

/** A key set that follows its directory. */
export interface KeyDirectory extends KeySet {
  /** Reads the directory again; on failure the keys in use stay. */
  reload(): Promise<void>;
}

/** Opens a directory made by `gatecast keys`; which key signs changes by itself when a new one's time has come. */
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
      throw new Error(`There is no active key in ${directory}: run "gatecast keys new".`);
    const isSame =
      read.length === entries.length && read.every(({ kid }, index) => kid === entries[index]?.kid);
    // The list stays the same object while nothing changed, so that key lookups keep their cache.
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

/** Written beside and renamed, so that a server which reads it now never sees half of it. */
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
