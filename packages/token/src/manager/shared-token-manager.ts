import { TokenManager, type TokenManagerOptions } from './token-manager.js';

const managers = new Map<string, Map<unknown, TokenManager>>();

/** Managers of one purpose and session. */
function managersOf({ purpose, source }: TokenManagerOptions): Map<unknown, TokenManager> {
  const name = purpose + (source.scope?.session ?? '');
  let family = managers.get(name);
  if (!family) managers.set(name, (family = new Map<unknown, TokenManager>()));
  return family;
}

/**
 * The manager that all elements of a page with the same source and purpose share, so that two players of one stream
 * need one token. It is removed when its last lease is released.
 */
export function sharedTokenManager(options: TokenManagerOptions): TokenManager {
  const { source } = options;
  const family = managersOf(options);
  const known = family.get(source.key);
  if (known) return known;
  const manager = new TokenManager(options);
  manager.onIdle = () => {
    const { key } = manager.source;
    if (family.get(key) === manager) family.delete(key);
  };
  // If it gets a lease again later, it is shared again, unless another manager has taken its place.
  manager.onHeld = () => {
    const { key } = manager.source;
    if (!family.has(key)) family.set(key, manager);
  };
  family.set(source.key, manager);
  return manager;
}

/**
 * Lets a shared manager request its tokens from another source; those that it has stay in use.
 *
 * @returns whether it does: not if another manager has this source.
 */
export function moveTokenManager(manager: TokenManager, options: TokenManagerOptions): boolean {
  const { source } = options;
  const family = managersOf(options);
  const known = family.get(source.key);
  if (known) return known === manager;
  if (manager.source.scope?.session !== source.scope?.session) return false;
  family.delete(manager.source.key);
  family.set(source.key, manager);
  manager.source = source;
  return true;
}
