/** A secret, or a function that reads it for each request, so that it can be rotated. */
export type Secret = string | (() => string | Promise<string>);

/** Reads a secret. */
export async function readSecret(secret: Secret): Promise<string> {
  return typeof secret === 'function' ? secret() : secret;
}

const MOST_KEYS = 16;

/**
 * Imports a key once for each text: the text can change with each request, and an import costs more than a signature. Keeps the
 * last 16 keys.
 */
export function importOnce<Key>(importKey: (text: string) => Promise<Key>): (text: string) => Promise<Key> {
  const known = new Map<string, Promise<Key>>();
  return (text) => {
    const found = known.get(text);
    if (found) return found;
    const [oldest] = known.keys();
    if (known.size >= MOST_KEYS && oldest !== undefined) known.delete(oldest);
    const key = importKey(text);
    known.set(text, key);
    // A key that cannot be read must not take a place.
    key.catch(() => known.delete(text));
    return key;
  };
}
