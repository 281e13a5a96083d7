import { type KeySet, createKeySet, generateSigningKey } from '@gatecast/server';

let shared: Promise<KeySet> | undefined;

/** A key made at start and kept nowhere; one for all backends of a process, as an RSA key takes a while to find. */
export function demoKeys(): Promise<KeySet> {
  shared ??= generateSigningKey().then(({ key }) => createKeySet([key]));
  return shared;
}
