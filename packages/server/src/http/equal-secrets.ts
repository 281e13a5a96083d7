import { sha256 } from '@noble/hashes/sha2.js';

const utf8 = new TextEncoder();

/** Are two secrets equal? The time says nothing about how much of them is: hashes are compared, each to its last byte. */
export function equalSecrets(one: string, other: string): boolean {
  const [first, second] = [sha256(utf8.encode(one)), sha256(utf8.encode(other))];
  let difference = 0;
  for (const [index, byte] of first.entries()) difference |= byte ^ (second[index] ?? 0);
  return difference === 0;
}
