import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createRevocations, generateSigningKey } from '@gatecast/server';
import { EventReader } from '../server/support/read-events.js';
import { startRedis, type RunningRedis } from '../server/support/redis-server.js';

const INSTANCE = fileURLToPath(new URL('revoke-instance.ts', import.meta.url));
const KEY = 'admin-key-of-the-bench-with-32-characters';
const CONNECTIONS = 16;

/** Two instances, each in a process of its own, on one Redis. */
export class RevokeSite {
  readonly redis: RunningRedis;
  readonly ports: readonly number[];
  readonly #processes: readonly ChildProcess[];

  private constructor(redis: RunningRedis, processes: readonly ChildProcess[], ports: readonly number[]) {
    this.redis = redis;
    this.#processes = processes;
    this.ports = ports;
  }

  static async start(policy: 'closed' | 'open' = 'closed'): Promise<RevokeSite> {
    const redis = await startRedis();
    const { pem } = await generateSigningKey({ alg: 'ES256', kid: 'bench' });
    const args = [String(redis.client.options.port), pem, KEY, policy];
    const execArgv = ['--conditions=gatecast-source', '--import', 'tsx'];
    const processes = [fork(INSTANCE, args, { execArgv }), fork(INSTANCE, args, { execArgv })];
    const ports = await Promise.all(
      processes.map(async (process) => ((await once(process, 'message')) as [number])[0]),
    );
    return new RevokeSite(redis, processes, ports);
  }

  url(instance: number, path: string): string {
    return `http://127.0.0.1:${String(this.ports[instance % this.ports.length])}${path}`;
  }

  async tokenOf(user: string, instance = 0): Promise<string> {
    const response = await fetch(this.url(instance, '/api/tokens'), tokenRequest(user));
    const { tokens } = (await response.json()) as { tokens: { token: string }[] };
    return tokens[0]?.token ?? '';
  }

  /** @throws Error if the instance refuses: then nothing ends, and a measurement would never. */
  async revoke(target: object, instance = 0): Promise<void> {
    const { ok, status } = await fetch(this.url(instance, '/admin/revoke'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${KEY}` },
      body: JSON.stringify(target),
    });
    if (!ok) throw new Error(`The revocation was refused with ${String(status)}.`);
  }

  /** Status of one request for a segment. */
  async segment(token: string, instance: number): Promise<number> {
    const response = await fetch(this.url(instance, '/segment'), {
      headers: { Authorization: `Bearer ${token}` },
    });
    await response.arrayBuffer();
    return response.status;
  }

  async memoryBytes(): Promise<number> {
    return Number(/used_memory:(\d+)/.exec(await this.redis.client.info('memory'))?.[1]);
  }

  /** Resident memory of each instance in bytes. */
  async instanceBytes(): Promise<number[]> {
    return Promise.all(
      this.#processes.map(async (process) => {
        process.send('memory');
        const [{ rss }] = (await once(process, 'message')) as [{ rss: number }];
        return rss;
      }),
    );
  }

  async stop(): Promise<void> {
    for (const process of this.#processes) process.disconnect();
    await Promise.all(this.#processes.map((process) => once(process, 'exit')));
    await this.redis.stop();
  }
}

function tokenRequest(user: string) {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-User': user },
    body: JSON.stringify({ purpose: 'playback', streams: ['demo'], reason: 'scheduled' }),
  };
}

/** One token request of each session, through both instances. Returns the requests a second. */
export async function renewAll(site: RevokeSite, sessions: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let next = 0;
  const startedAtMs = performance.now();
  async function work(): Promise<void> {
    for (let index = next++; index < sessions; index = next++) {
      const status = await post(agent, site.ports[index % 2] ?? 0, `user-${String(index)}`);
      if (status !== 200) throw new Error(`A token request got ${String(status)}.`);
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  agent.destroy();
  return (sessions * 1000) / (performance.now() - startedAtMs);
}

/** With `node:http`, which takes a fraction of the time of `fetch`. */
function post(agent: Agent, port: number, user: string): Promise<number> {
  const { method, headers, body } = tokenRequest(user);
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { agent, port, host: '127.0.0.1', path: '/api/tokens', method, headers },
      (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    sent.once('error', reject).end(body);
  });
}

/** Milliseconds from the call to the end: of the last segment that the other instance accepts, and to the event at the page. */
export interface OffDelay {
  readonly lastAcceptedMs: number;
  readonly eventMs: number;
  readonly revokedMs: number;
}

/** A player requests segments at one instance without a pause, while the other one revokes its user. */
export async function measureOff(site: RevokeSite, user: string): Promise<OffDelay> {
  const token = await site.tokenOf(user);
  const events = new EventReader(
    await fetch(site.url(1, '/api/tokens?purpose=playback&stream=demo'), {
      headers: { Accept: 'text/event-stream', 'X-User': user },
    }),
  );
  if ((await site.segment(token, 1)) !== 200) throw new Error('The segment was not accepted before.');
  const event = events.next().then(() => performance.now());
  const startedAtMs = performance.now();
  const revoked = site.revoke({ user }).then(() => performance.now());
  let lastAcceptedAtMs = startedAtMs;
  while ((await site.segment(token, 1)) === 200) lastAcceptedAtMs = performance.now();
  const [eventAtMs, revokedAtMs] = await Promise.all([event, revoked]);
  await events.cancel();
  return {
    lastAcceptedMs: lastAcceptedAtMs - startedAtMs,
    eventMs: eventAtMs - startedAtMs,
    revokedMs: revokedAtMs - startedAtMs,
  };
}

/** Checks of a token by the list a second, with this number of revocations in it. */
export async function checksPerSecond(count: number, ms: number): Promise<number> {
  const revocations = createRevocations({ maxEntries: count + 1 });
  for (let index = 0; index < count; index += 1) await revocations.revoke({ user: `user-${String(index)}` });
  const ids = await Promise.all(
    Array.from({ length: 1000 }, (_, index) => revocations.newGrantId(`viewer-${String(index)}`)),
  );
  const endMs = performance.now() + ms;
  let checks = 0;
  while (performance.now() < endMs) {
    for (const jti of ids)
      if (await revocations.isRevoked({ jti, sub: 'demo' })) throw new Error('Not revoked.');
    checks += ids.length;
  }
  revocations.close();
  return (checks * 1000) / ms;
}

/** What viewers get after Redis has died: seconds until the first refusal, `null` for none. */
export async function measureDeath(policy: 'closed' | 'open', watchMs: number): Promise<number | null> {
  const site = await RevokeSite.start(policy);
  const token = await site.tokenOf('viewer');
  await site.redis.kill();
  const diedAtMs = performance.now();
  let refusedAfterMs: number | null = null;
  while (refusedAfterMs === null && performance.now() - diedAtMs < watchMs) {
    if ((await site.segment(token, 1)) !== 200) refusedAfterMs = performance.now() - diedAtMs;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await site.stop();
  return refusedAfterMs === null ? null : refusedAfterMs / 1000;
}
