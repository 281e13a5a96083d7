import { type KeySet, createKeySet, generateSigningKey } from '@gatecast/server';

let shared: Promise<KeySet> | undefined;

/** Creates a key that is never stored. All backends of a process share it, because generating an RSA key is slow. */
export function demoKeys(): Promise<KeySet> {
  shared ??= generateSigningKey().then(({ key }) => createKeySet([key]));
  return shared;
}
