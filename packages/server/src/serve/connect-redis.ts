import type { Redis } from 'ioredis';
import type { Logger } from '../http/logger.js';

/** Time limit of one command. A store on the same network responds within a few milliseconds. */
const COMMAND_TIMEOUT_MS = 1000;

/**
 * Connects to Redis or Valkey. Commands fail at once while the connection is down, so that viewers do not wait for the
 * store. A store that accepts connections but does not respond counts as down after the first command without a response:
 * the connection is renewed, and commands fail at once until the store has responded to the client's own check.
 *
 * @throws Error if the package `ioredis` is missing.
 */
export async function connectRedis(url: string, logger: Logger): Promise<Redis> {
  const { Redis: RedisClient } = await import('ioredis').catch((error: unknown) => {
    throw new Error('store.redis needs the package ioredis. Run: npm install ioredis', { cause: error });
  });
  let isDown = false;
  let isRenewing = false;
  const fail = (error: Error) => {
    // This repeats with each attempt to connect; one log line is enough.
    if (!isDown) logger.error({ causedBy: error.name }, 'The connection to the store failed');
    isDown = true;
  };
  class GuardedClient extends RedisClient {
    override sendCommand(...call: Parameters<Redis['sendCommand']>): unknown {
      const [command] = call;
      command.promise.catch((error: unknown) => {
        if (isRenewing || this.status !== 'ready' || !isTimeout(error)) return;
        fail(error);
        // Other commands that wait end in the same way, before the connection is closed.
        isRenewing = true;
        this.once('close', () => (isRenewing = false));
        this.disconnect(true);
      });
      return super.sendCommand(...call);
    }
  }
  const client = new GuardedClient(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: 2000,
  });
  client.on('error', fail);
  client.on('ready', () => {
    if (isDown) logger.warn({}, 'The connection to the store is back');
    isDown = false;
  });
  return client;
}

function isTimeout(error: unknown): error is Error {
  return error instanceof Error && error.message === 'Command timed out';
}
