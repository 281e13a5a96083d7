import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
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

describe('the page about the options of gatecast serve', () => {
  it('has each option of the configuration, with its default, and no other', () => {
    const expected = new Map(optionsOf(configSchema as Schema).filter(([name]) => name !== '$schema'));
    const rows = [...page.matchAll(/^\| `([\w.]+)` +\| (?:`(.+?)`)? *\|/gm)];
    const written = new Map(rows.map(([, name = '', fallback = '']) => [name, fallback]));
    assert.deepEqual([...written].sort(), [...expected].sort());
    assert.equal(rows.length, written.size, 'an option is listed twice');
  });
});
