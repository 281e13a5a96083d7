const DATABASE = 'gatecast-dpop';
const STORE = 'keys';

/**
 * Reads a key pair from IndexedDB; creates and stores one if there is none. If IndexedDB cannot be used, as in some private
 * windows, the new key is returned and not stored.
 */
export async function readStoredKey(
  name: string,
  generate: () => Promise<CryptoKeyPair>,
): Promise<CryptoKeyPair> {
  const database = await openDatabase();
  if (!database) return generate();
  try {
    const stored = await read(database, name);
    if (stored) return stored;
    const created = await generate();
    return await storeFirst(database, name, created);
  } finally {
    database.close();
  }
}

async function openDatabase(): Promise<IDBDatabase | null> {
  try {
    const request = indexedDB.open(DATABASE, 1);
    request.addEventListener('upgradeneeded', () => {
      request.result.createObjectStore(STORE);
    });
    return await settled(request);
  } catch {
    return null;
  }
}

async function read(database: IDBDatabase, name: string): Promise<CryptoKeyPair | null> {
  try {
    const value: unknown = await settled(database.transaction(STORE).objectStore(STORE).get(name));
    return isKeyPair(value) ? value : null;
  } catch {
    return null;
  }
}

/** Stores a key unless another tab was faster, whose key is then used. */
async function storeFirst(
  database: IDBDatabase,
  name: string,
  created: CryptoKeyPair,
): Promise<CryptoKeyPair> {
  try {
    const store = database.transaction(STORE, 'readwrite').objectStore(STORE);
    const { privateKey, publicKey } = created;
    // One transaction, so that no other tab can write between the two steps.
    const stored: unknown = await settled(store.get(name));
    if (isKeyPair(stored)) return stored;
    await settled(store.put({ privateKey, publicKey }, name));
  } catch {
    // Some browsers cannot store keys. This one then lasts as long as the page.
  }
  return created;
}

function isKeyPair(value: unknown): value is CryptoKeyPair {
  if (typeof value !== 'object' || value === null) return false;
  const { privateKey, publicKey } = value as Partial<CryptoKeyPair>;
  return privateKey instanceof CryptoKey && publicKey instanceof CryptoKey;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => {
      resolve(request.result);
    });
    request.addEventListener('error', () => {
      reject(request.error ?? new Error('IndexedDB failed.'));
    });
  });
}
