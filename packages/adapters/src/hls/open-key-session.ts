import type { LicenceContext } from './licence-host.js';

/**
 * Requests a licence in a new session; resolves when the session has it.
 *
 * @param request - requests a licence for a message of the key system. Also called for later messages.
 * @throws what `request` or the key system throws; the reason of the signal.
 */
export async function openKeySession(
  session: MediaKeySession,
  { pssh, scheme }: LicenceContext['decryptdata'],
  request: (message: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>,
  signal: AbortSignal,
): Promise<void> {
  if (!pssh) throw new TypeError('The key has no initialization data.');
  // A closed session keeps no listener.
  const life = new AbortController();
  void session.closed.then(() => {
    life.abort();
  });
  try {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener(
        'abort',
        () => {
          life.abort();
          reject(signal.reason as Error);
        },
        { once: true, signal: life.signal },
      );
      session.addEventListener(
        'message',
        ({ message }) => {
          request(new Uint8Array(message))
            .then((licence) => session.update(licence))
            .then(resolve, reject);
        },
        { signal: life.signal },
      );
      session.generateRequest(scheme ?? 'cenc', pssh).catch(reject);
    });
  } catch (error) {
    life.abort();
    throw error;
  }
}
