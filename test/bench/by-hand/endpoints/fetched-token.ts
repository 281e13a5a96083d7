import type { FetchedItem } from '../fetch-item.js';

/** A token, and what the page knows of its life: by its own clock, because the clock of the device may be wrong. */
export function fetchedToken(token: string, lifeSeconds = lifeOf(token)): FetchedItem {
  const lifeMs = lifeSeconds * 1000;
  const item = { token, query: {}, headers: {}, path: '', url: '', expiresAt: 0 };
  return { item, lifeMs, endsAtMs: Date.now() + lifeMs };
}

/** Seconds from the issue of a JWT to its end. */
function lifeOf(token: string): number {
  const payload = token.split('.')[1] ?? '';
  const { exp, iat } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as {
    exp: number;
    iat: number;
  };
  return exp - iat;
}
