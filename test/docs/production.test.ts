import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { AST_NODE_TYPES, parse, simpleTraverse, type TSESTree } from '@typescript-eslint/typescript-estree';
import { createPrometheusMetrics } from '../../packages/server/src/node/prometheus-metrics.js';
import { namedCodeBlocks } from './support/code-blocks.js';

const page = readFileSync(new URL('../../demo/docs/guide/production.md', import.meta.url), 'utf8');
const blocks = namedCodeBlocks('guide/production.md');
const block = (name: string): string => {
  const text = blocks.get(name);
  assert.ok(text !== undefined, `the page has no ${name}`);
  return text;
};

const folder = mkdtempSync(join(tmpdir(), 'gatecast-production-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The metrics of the server, with the names of the labels of each. */
async function serverMetrics(): Promise<Map<string, Set<string>>> {
  const metrics = createPrometheusMetrics();
  metrics.minted('playback', 1);
  metrics.refused('token', 'forbidden');
  metrics.answered('token', 200, 0.1);
  metrics.mediaAnswered?.('sent', 1);
  metrics.vendorFailed('sts', 'vendor-refused');
  const found = new Map<string, Set<string>>();
  for (const [, name = '', labels = ''] of (await metrics.render()).matchAll(/^(\w+)(?:\{([^}]*)\})? /gm)) {
    const known = found.get(name) ?? new Set(['job', 'instance']);
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
    found.set(name, known);
  }
  return found;
}

/** What of a query the server does not have. */
function unknownIn(query: string, metrics: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const names = [...query.matchAll(/\b(?:gatecast|process|nodejs)_\w+/g)].map(([name]) => name);
  const selected = [...query.matchAll(/(\w+)\{([^}]*)\}/g)].flatMap(([, name = '', list = '']) =>
    [...list.matchAll(/(\w+)=~?"/g)].map(([, label = '']) => [name, label] as const),
  );
  const grouped = [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
  if (names.length === 0) return [`no metric in ${query}`];
  return [
    ...names.filter((name) => !metrics.has(name)),
    ...selected.filter(([name, label]) => !metrics.get(name)?.has(label)).map((each) => each.join('.')),
    ...grouped.filter((label) => !names.every((name) => metrics.get(name)?.has(label))),
  ];
}

describe('the dashboard', () => {
  it('asks for metrics and labels that the server has', async () => {
    const text = readFileSync(
      new URL('../../demo/docs/public/gatecast-dashboard.json', import.meta.url),
      'utf8',
    );
    const { panels } = JSON.parse(text) as { panels: { targets: { expr: string }[] }[] };
    const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const metrics = await serverMetrics();
    assert.ok(queries.length > 8);
    assert.deepEqual(
      queries.flatMap((query) => unknownIn(query, metrics)),
      [],
    );
    const shown = new Set(queries.join().match(/gatecast_\w+?(?=_bucket|_count|\{)/g));
    const own = [...metrics.keys()].filter((name) => /^gatecast_(?!.*_(?:bucket|sum|count)$)/.test(name));
    assert.deepEqual(
      own.filter((name) => !shown.has(name)),
      [],
      'the dashboard leaves a metric out',
    );
  });

  it('has alert rules with metrics that exist', async () => {
    const queries = [...block('alerts.yml').matchAll(/^ +expr: (.+)$/gm)].map(([, query = '']) => query);
    const metrics = await serverMetrics();
    assert.ok(queries.length > 3);
    assert.deepEqual(
      queries.flatMap((query) => unknownIn(query, metrics)),
      [],
    );
  });
});

describe('the unit for systemd', () => {
  const missing =
    spawnSync('systemd-analyze', ['--version']).status !== 0 && 'systemd-analyze is not installed';

  it('is accepted by systemd-analyze verify', { skip: missing }, () => {
    // Program and user of the page exist on a server only.
    const here = block('gatecast.service')
      .replace('/usr/bin/node', process.execPath)
      .replaceAll('=gatecast\n', '=root\n')
      .replace('WorkingDirectory=/opt/gatecast', `WorkingDirectory=${folder}`);
    const path = join(folder, 'gatecast.service');
    writeFileSync(path, here);
    const run = spawnSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8' });
    const own = `${run.stdout}${run.stderr}`.split('\n').filter((line) => line.includes('gatecast'));
    assert.deepEqual(own, []);
    writeFileSync(path, here.replace('ProtectHome=true', 'ProtectHme=true'));
    const wrong = spawnSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8' });
    assert.match(wrong.stderr, /ProtectHme/, 'the program notices no mistake');
  });
});

describe('the container file', () => {
  it('has instructions that exist, runs as another user than root, and copies no key', () => {
    const lines = block('Dockerfile').trim().split('\n');
    const known = /^(?:FROM|WORKDIR|ENV|COPY|RUN|USER|EXPOSE|HEALTHCHECK|CMD) /;
    assert.deepEqual(
      lines.filter((line) => !known.test(line)),
      [],
    );
    assert.ok(lines.includes('USER node'));
    assert.doesNotMatch(lines.filter((line) => line.startsWith('COPY')).join(), /keys|secrets| \. /);
  });

  it('starts with a command of the package, whose health check passes only if the server responds', () => {
    const [start = '', check = ''] = ['^CMD', 'CMD'].map(
      (word) => new RegExp(`${word} (\\[.*\\])$`, 'm').exec(block('Dockerfile'))?.[1] ?? '[]',
    );
    const [, command = '', ...args] = JSON.parse(start) as string[];
    const manifest = readFileSync(new URL('../../packages/gatecast/package.json', import.meta.url), 'utf8');
    const { bin } = JSON.parse(manifest) as { bin: { gatecast: string } };
    assert.equal(command, `node_modules/gatecast/${bin.gatecast.slice(2)}`);
    assert.deepEqual(args, ['serve', '--config', 'gatecast.config.json']);
    const [program = '', flag = '', script = ''] = JSON.parse(check) as string[];
    assert.deepEqual([program, flag], ['node', '-e']);
    for (const [status, ok] of [
      [0, 'true'],
      [1, 'false'],
    ] as const) {
      const faked = `globalThis.fetch = (url) => Promise.resolve({ ok: ${ok} && url.endsWith(':8080/healthz') });`;
      assert.equal(spawnSync(process.execPath, ['-e', faked + script]).status, status);
    }
  });
});

describe('the log fields', () => {
  const fieldsOf = (node: TSESTree.Node | undefined, scope: ReadonlyMap<string, TSESTree.Node>): string[] => {
    if (node?.type === AST_NODE_TYPES.Identifier) return fieldsOf(scope.get(node.name), new Map());
    if (node?.type === AST_NODE_TYPES.LogicalExpression) return fieldsOf(node.right, scope);
    if (node?.type !== AST_NODE_TYPES.ObjectExpression) return [];
    return node.properties.flatMap((property) => {
      if (property.type === AST_NODE_TYPES.SpreadElement) return fieldsOf(property.argument, scope);
      return property.key.type === AST_NODE_TYPES.Identifier ? [property.key.name] : [];
    });
  };

  it('are those that the server writes', () => {
    const root = new URL('../../packages/server/src/', import.meta.url);
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.ts'),
    );
    const written = new Set(['level', 'time', 'msg']);
    let calls = 0;
    for (const file of files) {
      const variables = new Map<string, TSESTree.Node>();
      simpleTraverse(parse(readFileSync(new URL(file, root), 'utf8')), {
        enter(node) {
          if (
            node.type === AST_NODE_TYPES.VariableDeclarator &&
            node.id.type === AST_NODE_TYPES.Identifier &&
            node.init
          )
            variables.set(node.id.name, node.init);
          if (
            node.type !== AST_NODE_TYPES.CallExpression ||
            node.callee.type !== AST_NODE_TYPES.MemberExpression
          )
            return;
          const { object, property } = node.callee;
          const isLogger =
            (object.type === AST_NODE_TYPES.Identifier && /logger$/i.test(object.name)) ||
            (object.type === AST_NODE_TYPES.MemberExpression &&
              (object.property.type === AST_NODE_TYPES.Identifier ||
                object.property.type === AST_NODE_TYPES.PrivateIdentifier) &&
              object.property.name === 'logger');
          if (!isLogger || property.type !== AST_NODE_TYPES.Identifier) return;
          if (!/^(?:debug|info|warn|error|child)$/.test(property.name)) return;
          calls += 1;
          for (const field of fieldsOf(node.arguments[0], variables)) written.add(field);
        },
      });
    }
    assert.ok(calls > 15, `only ${String(calls)} calls of a logger were found`);
    const section = page.slice(page.indexOf('## Log fields'));
    const listed = [...section.matchAll(/^\| `(\w+)` /gm)].map(([, name = '']) => name);
    assert.deepEqual(listed.sort(), [...written].sort());
  });
});
