import type { Logger } from '../http/logger.js';
import { sleep } from '../http/timeouts.js';
import type { RevocationStore } from './revocation-store.js';

export interface CompareSecretsOptions {
  readonly store: RevocationStore;
  /** Of the secrets of this process; the first one makes the pseudonyms of new tokens. */
  readonly checks: readonly [string, ...string[]];
  /** Time for which the tokens of a process are found after it was last seen, in milliseconds. */
  readonly keepMs: number;
  readonly now: () => number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const EVERY_MS = 60_000;

/**
 * Compares the secrets of all processes with one store, now and each minute until the signal aborts. Without the secret of another
 * process, this one does not find the tokens of a user that the other has issued: they would stay valid after `revoke`. Each
 * foreign secret is reported once. Never rejects: that the store is down is reported by the list.
 */
export async function compareSecrets(options: CompareSecretsOptions): Promise<void> {
  const { store, checks, keepMs, now, logger, signal } = options;
  const [own] = checks;
  const reported = new Set<string>(checks);
  if (!store.meet) return;
  while (!signal.aborted) {
    const seen = await store.meet(own, { nowMs: now(), keepMs }).catch((): readonly string[] => []);
    for (const check of seen) {
      if (reported.has(check)) continue;
      reported.add(check);
      logger.error(
        { handler: 'revocations', check },
        'A process with this store of revocations has another secret. Tokens that it has issued are not found by user. Set the same secret in all processes',
      );
    }
    await sleep(EVERY_MS * (0.9 + Math.random() * 0.2), signal).catch(() => undefined);
  }
}
