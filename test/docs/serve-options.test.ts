import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { configFaults } from '../../packages/server/src/serve/config-faults.js';
import { configSchema } from '../../packages/server/src/serve/config-schema.js';

const page = readFileSync(new URL('../../demo/docs/reference/serve.md', import.meta.url), 'utf8');

/** What this test needs of a schema of valibot. */
interface Schema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly wrapped?: Schema;
  readonly options?: readonly (Schema | string)[];
  readonly pipe?: readonly Schema[];
  readonly item?: Schema;
  readonly default?: unknown;
  /** Of a lazy schema, which depends on the value. */
  readonly getter?: (value: unknown) => Schema;
}

const isSchema = (value: Schema | string): value is Schema => typeof value === 'object';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Each option that is not a group, with its default as JSON; `''` without one. The issuers have pages of their own. */
function optionsOf(schema: Schema, path = '', fallback?: unknown): [path: string, fallback: string][] {
  const [first] = schema.pipe ?? [];
  if (first && first !== schema && first.type !== schema.type) return optionsOf(first, path, fallback);
  if (schema.wrapped) return optionsOf(schema.wrapped, path, schema.default ?? fallback);
  const own: [string, string][] = [[path, fallback === undefined ? '' : JSON.stringify(fallback)]];
  if (path.startsWith('issuers.')) return own;
  if (schema.entries)
    return Object.entries(schema.entries).flatMap(([name, inner]) =>
      optionsOf(
        inner,
        path === '' ? name : `${path}.${name}`,
        isRecord(fallback) ? fallback[name] : undefined,
      ),
    );
  const { getter } = schema;
  const options = getter ? [getter(''), getter({})] : (schema.options ?? []);
  const objects = options.filter(isSchema).flatMap((option) => optionsOf(option, path));
  const names = objects.map(([name]) => name.slice(path.length));
  // `{ "env" }` or `{ "file" }` is a secret.
  if (names.length === 0 || names.join() === '.env,.file') return own;
  const inner = objects.filter(([name]) => name !== path);
  return [...(inner.length < objects.length ? own : []), ...inner];
}

const rate = { perMinute: 5, burst: 5 };
const rates = { user: rate, address: rate };

/** What an example needs beside it, where the smallest configuration does not have it or has the other choice. */
const beside: readonly (readonly [options: RegExp, config: Readonly<Record<string, unknown>>])[] = [
  [/^workers$/, { store: { redis: { env: 'REDIS_URL' } } }],
  [/^metrics\.host/, { metrics: { port: 9100 } }],
  [/^admin\./, { admin: { port: 9101, key: { env: 'ADMIN_KEY' } } }],
  [/^keys\.(?:directory|key)$/, { keys: {} }],
  [/^keys\.kid$/, { keys: { key: { env: 'SIGNING_KEY' } } }],
  [/^authorization\.jwksUrl$/, { authorization: { playback: { any: true } } }],
  [/^authorization\.playback\./, { authorization: { secret: { env: 'SESSION_SECRET' } } }],
  [/^cors\.credentials$/, { cors: { origins: ['https://www.example.com'] } }],
  [/^limits\.(?:user|address)\./, { limits: rates }],
  [/^limits\.playlists\./, { limits: { playlists: rates } }],
  [/^(?:playlists\.|bootstrap$)/, { playlists: { upstreams: ['https://media.example.com/'] } }],
  [
    /^bootstrap\./,
    {
      bootstrap: {
        url: 'https://media.example.com/{stream}.m3u8',
        upstreams: ['https://media.example.com/'],
      },
    },
  ],
  [/^dpop\./, { dpop: { mode: 'optional', externalOrigin: 'https://backend.example.com' } }],
];

const smallest = {
  keys: { directory: 'keys' },
  issuers: { playback: { type: 'jwt' } },
  authorization: { secret: { env: 'SESSION_SECRET' }, playback: { any: true } },
};

/** The smallest configuration in which the example of an option can stand. */
function configWith(option: string, value: unknown): Record<string, unknown> {
  const parts = beside.filter(([options]) => options.test(option)).map(([, config]) => config);
  const config = structuredClone(Object.assign({}, smallest, ...parts)) as Record<string, unknown>;
  const names = option.split('.');
  const last = names.pop() ?? '';
  let group = config;
  for (const name of names) group = (group[name] ??= {}) as Record<string, unknown>;
  group[last] = value;
  return config;
}

describe('the page about the options of gatecast serve', () => {
  it('has each option of the configuration, with its default, and no other', () => {
    const expected = new Map(optionsOf(configSchema as Schema).filter(([name]) => name !== '$schema'));
    const rows = [...page.matchAll(/^\| `([\w.]+)` +\| (?:`(.+?)`)? *\|/gm)];
    const written = new Map(rows.map(([, name = '', fallback = '']) => [name, fallback]));
    assert.deepEqual([...written].sort(), [...expected].sort());
    assert.equal(rows.length, written.size, 'an option is listed twice');
  });

  it('has an example of each option, which the program accepts and which is not the default', () => {
    const rows = [...page.matchAll(/^\| `([\w.]+)` +\| (?:`(.+?)`)? *\| `(.+?)` +\|/gm)];
    assert.equal(rows.length, optionsOf(configSchema as Schema).length - 1);
    for (const [, option = '', fallback = '', example = ''] of rows) {
      assert.notEqual(example, fallback, option);
      assert.deepEqual(configFaults(configWith(option, JSON.parse(example))), [], option);
    }
  });

  it('is held by a check that notices an example of another kind', () => {
    assert.equal(configFaults(configWith('listen.port', '8443')).length, 1);
    assert.equal(configFaults(configWith('log', 'loud')).length, 1);
  });
});
