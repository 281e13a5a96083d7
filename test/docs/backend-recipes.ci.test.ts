import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkConformance, generateSigningKey } from '@gatecast/server';
import { build } from 'vite';
import { consumerProjects, ownRange, type ConsumerProjects } from '../packages/support/consumer-project.js';
import { npm } from '../packages/support/pack-packages.js';
import { runtimes } from '../packages/support/start-runtime.js';
import { freePort } from '../support/free-port.js';
import { namedCodeBlocks } from './support/code-blocks.js';

const blocks = namedCodeBlocks('guide/backends.md');
const next = 'node_modules/next/dist/bin/next';
/** Of a recipe, empty ones aside, besides the file that all recipes share. */
const MOST_LINES = 10;
const WORKERD = 'node_modules/.bin/workerd';

describe('the recipes for backends, run unchanged with the packed server', () => {
  let projects: ConsumerProjects;
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  before(async () => {
    projects = await consumerProjects();
    const page =
      'export default function Layout({ children }) { return <html><body>{children}</body></html>; }';
    ({ folder } = projects.create('backends', {
      packed: ['@gatecast/server'],
      dependencies: {
        express: ownRange('express', 'test'),
        fastify: '^5.12.8',
        koa: '^3.3.0',
        '@koa/bodyparser': '^6.1.0',
        hono: '^4.13.0',
        '@hono/node-server': ownRange('@hono/node-server', 'packages/server'),
        next: ownRange('next', 'examples/nextjs'),
        react: ownRange('react', 'examples/nextjs'),
        'react-dom': ownRange('react-dom', 'examples/nextjs'),
      },
      files: {
        ...Object.fromEntries(blocks),
        'app/layout.js': page,
        'app/page.js': 'export default function Page() { return <p>Page</p>; }',
        ...variants(),
      },
    }));
    const { pem } = await generateSigningKey();
    environment = { ...process.env, NODE_OPTIONS: '', NEXT_TELEMETRY_DISABLED: '1' };
    // Like a deployment: the key is not there at build time.
    const built = spawnSync(process.execPath, [next, 'build'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...environment, NODE_ENV: 'production' },
      timeout: 240_000,
    });
    assert.equal(built.status, 0, built.stdout + built.stderr);
    environment = { ...environment, SIGNING_KEY: pem };
    await prepareWorker(folder);
  });

  after(() => {
    projects.remove();
  });

  /** Runs a backend until `use` has settled. */
  async function withBackend(
    args: readonly string[],
    use: (address: string, printed: (text: RegExp) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const port = await freePort();
    const [program = '', ...others] = args[0] === WORKERD ? args : [process.execPath, ...args];
    if (program === WORKERD) writeFileSync(join(folder, 'worker.capnp'), workerConfig(port));
    const child = spawn(program, others, {
      cwd: folder,
      env: { ...environment, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    try {
      const address = `http://localhost:${port}/api/tokens`;
      await untilItAnswers(child, address, () => errors);
      await use(address, (text) => {
        return new Promise((resolve) => {
          const look = (): void => {
            if (text.test(errors)) resolve();
          };
          child.stderr.on('data', look);
          look();
        });
      });
    } finally {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill();
        await exited;
      }
    }
  }

  const recipes: readonly (readonly [string, readonly string[]])[] = [
    ['express.js', ['express.js']],
    ['fastify.js', ['fastify.js']],
    ['koa.js', ['koa.js']],
    ['hono.js', ['hono.js']],
    ['worker.js', [WORKERD, 'serve', 'worker.capnp']],
    ['app/api/tokens/route.js', [next, 'start']],
  ];
  for (const [name, args] of recipes) {
    it(`${name} issues tokens, and nothing is missing in the conformance check`, async () => {
      const lines = (blocks.get(name) ?? '').split('\n').filter((line) => line.trim() !== '').length;
      assert.ok(lines > 1 && lines <= MOST_LINES, `${name} has ${lines} lines`);
      await withBackend(args, async (url) => {
        assert.equal((await ask(url, 'demo')).status, 200);
        assert.equal((await ask(url, 'other')).status, 403);
        const findings = await checkConformance({ url, streams: ['demo'] });
        assert.deepEqual(
          findings.filter(({ level }) => level === 'missing'),
          [],
        );
        const broken = findings.find(({ what }) => what === 'the refusal of broken JSON has a code');
        assert.equal(broken?.level, 'ok');
      });
    });
  }

  for (const [name, status] of [
    ['express-json.js', 200],
    ['fastify-parsed.js', 500],
    ['fastify-passed-on.js', 200],
    ['koa-parsed.js', 500],
    ['koa-passed-on.js', 200],
  ] as const) {
    it(`${name} answers ${status}, as the page says`, async () => {
      await withBackend([name], async (url, printed) => {
        const answer = await ask(url, 'demo');
        const body = (await answer.json()) as { hint?: string };
        assert.equal(answer.status, status);
        if (status !== 500) return;
        assert.match(body.hint ?? '', /before the body parser/);
        await printed(/GATECAST_BODY_READ/);
      });
    });
  }
});

function ask(url: string, stream: string): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ purpose: 'playback', streams: [stream], reason: 'initial' }),
  });
}

/** Resolves when the address answers. Rejects when the process ends before. */
async function untilItAnswers(child: ChildProcess, url: string, errors: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`It ended: ${errors()}`);
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Bundles the worker as Cloudflare's tools do, and installs their runtime. */
async function prepareWorker(folder: string): Promise<void> {
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['workerd', 'worker', 'import', 'default'] },
    build: {
      ...{ outDir: 'dist', minify: false },
      lib: { entry: 'worker.js', formats: ['es'], fileName: () => 'worker.js' },
    },
  });
  const { program } = runtimes.find(({ name }) => name === 'workerd') ?? {};
  assert.ok(program);
  // With its install script, which links its program.
  npm(['install', '--no-audit', '--no-fund', `${program.name}@${program.range}`], folder);
}

const workerConfig = (port: number): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "app", worker = (
      modules = [(name = "worker.js", esModule = embed "dist/worker.js")],
      bindings = [(name = "SIGNING_KEY", fromEnvironment = "SIGNING_KEY")],
      compatibilityDate = "2025-06-01",
      compatibilityFlags = ["nodejs_compat"],
    )),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${String(port)}", http = (), service = "app")],
);
`;

/** The recipes with what the section on a body that was read names. */
function variants(): Record<string, string> {
  const express = blocks.get('express.js') ?? '';
  const fastify = (blocks.get('fastify.js') ?? '').replace(/^const onRequest.*\n/m, '');
  const routed = (call: string): string =>
    fastify.replace('{ onRequest }, () => undefined', `(request, reply) => ${call}`);
  const call = 'listener(request.raw, reply.hijack().raw)';
  const koa = `import { bodyParser } from '@koa/bodyparser';\n${blocks.get('koa.js') ?? ''}`;
  const late = koa.replace('const app = new Koa();\n', '$&app.use(bodyParser());\n');
  return {
    'express-json.js': express.replace('express();', 'express().use(express.json());'),
    'fastify-parsed.js': routed(call),
    'fastify-passed-on.js': routed(`((request.raw.body = request.body), ${call})`),
    'koa-parsed.js': late,
    'koa-passed-on.js': late.replace('  listener(', '  context.req.body = context.request.body;\n$&'),
  };
}
