import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { cpuUsage } from 'node:process';
import { GatecastError } from '@gatecast/token';
import { rememberSecret } from '@gatecast/token/internal/known-secrets';
import type { RemoteReader } from '../support/remote-readers.js';

const LENGTH = 32_768;
const UNITS_PER_READER = 20;
const MOST_PAIRS = 15;
/** A time for half of a text that needs no second look: all readers take a tenth of it. */
const LONG_MS = 500;
/** Differences below this are noise: garbage collection, compilation. A quadratic reader takes seconds for these texts. */
const NOISE_MS = 40;

/** Numbers in [0, 1) that are the same in each run (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Pieces of text that are repeated: each of the alphabet with and without a line end, then random sequences of them. */
function unitsOf({ alphabet }: RemoteReader): string[] {
  const random = seededRandom(alphabet.length);
  const pick = () => alphabet[Math.floor(random() * alphabet.length)] ?? '';
  const sequences = Array.from({ length: UNITS_PER_READER }, () =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, pick).join(random() < 0.7 ? '\n' : ''),
  );
  return [
    ...alphabet,
    ...alphabet.map((piece) => `${piece}\n`),
    ...sequences.map((unit) => `${unit}\n`),
    ...sequences,
  ];
}

function textOf({ prefix = '', suffix = '' }: RemoteReader, unit: string, length: number): string {
  const text = prefix + unit.repeat(Math.ceil(length / unit.length)) + suffix;
  // V8 joins the pieces at the first access, which is not the reader's work.
  text.charCodeAt(0);
  return text;
}

/** Processor time, which other processes do not lengthen as they do the time on the clock. */
async function timeMs(reader: RemoteReader, text: string): Promise<number> {
  const before = cpuUsage();
  try {
    await reader.read(text);
  } catch (error) {
    if (!(error instanceof GatecastError)) throw error;
  }
  const { user, system } = cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * The shortest times for a text and for its half, measured in turns. It repeats until the whole takes less than three times
 * as long as the half: noise can only make a time longer, and a quadratic reader needs four times as long each time.
 */
async function compareMs(
  reader: RemoteReader,
  unit: string,
): Promise<{ whole: number; half: number; isLinear: boolean }> {
  const [wholeText, halfText] = [textOf(reader, unit, LENGTH), textOf(reader, unit, LENGTH / 2)];
  let whole = Infinity;
  let half = Infinity;
  for (let pair = 0; pair < MOST_PAIRS; pair += 1) {
    half = Math.min(half, await timeMs(reader, halfText));
    whole = Math.min(whole, await timeMs(reader, wholeText));
    if (whole <= 3 * half + NOISE_MS) return { whole, half, isLinear: true };
    if (half > LONG_MS) break;
  }
  return { whole, half, isLinear: false };
}

// hls.js reads `self` when it is loaded.
Object.assign(globalThis, { self: globalThis });
const { remoteReaders } = await import('../support/remote-readers.js');

for (const [name, reader] of Object.entries(remoteReaders)) {
  describe(`the reader of remote text: ${name}`, () => {
    const units = unitsOf(reader);

    before(async () => {
      // The texts of the reader before were tokens: each error would look for a hundred of them, of 32 KiB each.
      for (let count = 0; count < 100; count += 1) rememberSecret(`secret-${count}`);
      // Compiled code is faster: the first calls would count for the shorter text.
      for (const unit of units.slice(0, 8)) await timeMs(reader, textOf(reader, unit, 4096));
    });

    it('takes a time that grows no faster than the text', async () => {
      for (const unit of units) {
        const { whole, half, isLinear } = await compareMs(reader, unit);
        assert.ok(
          isLinear,
          `${JSON.stringify(unit)} takes ${whole.toFixed(1)} ms, its half ${half.toFixed(1)} ms`,
        );
      }
    });

    it('throws only typed errors, whatever the text', async () => {
      for (const unit of units) await timeMs(reader, textOf(reader, unit, unit.length));
    });
  });
}
