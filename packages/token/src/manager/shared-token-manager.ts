import { TokenManager, type TokenManagerOptions } from './token-manager.js';

const managers = new Map<string, Map<unknown, TokenManager>>();

/**
 * The manager that all elements of a page with the same source and purpose share, so that two players of one stream
 * need one token. It is removed when its last lease is released.
 */
export function sharedTokenManager(options: TokenManagerOptions): TokenManager {
  const { purpose, source } = options;
  let ofPurpose = managers.get(purpose);
  if (!ofPurpose) managers.set(purpose, (ofPurpose = new Map<unknown, TokenManager>()));
  const known = ofPurpose.get(source.key);
  if (known) return known;
  const manager = new TokenManager(options);
  const family = ofPurpose;
  manager.onIdle = () => {
    if (family.get(source.key) === manager) family.delete(source.key);
  };
  // If it gets a lease again later, it is shared again, unless another manager has taken its place.
  manager.onHeld = () => {
    if (!family.has(source.key)) family.set(source.key, manager);
  };
  family.set(source.key, manager);
  return manager;
}
