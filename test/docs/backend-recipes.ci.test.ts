import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { checkConformance, generateSigningKey } from '@gatecast/server';
import { consumerProjects, ownRange, type ConsumerProjects } from '../packages/support/consumer-project.js';
import { freePort } from '../support/free-port.js';
import { namedCodeBlocks } from './support/code-blocks.js';

const blocks = namedCodeBlocks('guide/backends.md');
const next = 'node_modules/next/dist/bin/next';
/** The longest recipe that fits on the page without scrolling. */
const MOST_LINES = 16;

describe('the recipes for backends, run unchanged with the packed server', () => {
  let projects: ConsumerProjects;
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  before(async () => {
    projects = await consumerProjects();
    const page =
      'export default function Layout({ children }) { return <html><body>{children}</body></html>; }';
    ({ folder } = projects.create('backends', {
      packed: ['@gatecast/contract', '@gatecast/server'],
      dependencies: {
        express: ownRange('express', 'test'),
        fastify: '^5.12.8',
        koa: '^3.3.0',
        '@koa/bodyparser': '^6.1.0',
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
    const child = spawn(process.execPath, args, {
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
    ['app/api/tokens/route.js', [next, 'start']],
  ];
  for (const [name, args] of recipes) {
    it(`${name} issues tokens, and nothing is missing in the conformance check`, async () => {
      const lines = (blocks.get(name) ?? '').trim().split('\n').length;
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

/** The recipes with what the section on a body that was read names. */
function variants(): Record<string, string> {
  const fastify = (blocks.get('fastify.js') ?? '').replace(/^ {2}scope\.(?:remove|add).*\n/gm, '');
  const koa = blocks.get('koa.js') ?? '';
  const parser = 'app.use(bodyParser());\n';
  const late = koa.replace(parser, '').replace('const app = new Koa();\n', `$&${parser}`);
  return {
    'express-json.js': (blocks.get('express.js') ?? '').replace(
      'express();',
      'express().use(express.json());',
    ),
    'fastify-parsed.js': fastify,
    'fastify-passed-on.js': fastify.replace(
      '(request, reply) => listener',
      '(request, reply) => ((request.raw.body = request.body), listener)',
    ),
    'koa-parsed.js': late,
    'koa-passed-on.js': late.replace(
      '  context.respond = false;\n',
      '$&  context.req.body = context.request.body;\n',
    ),
  };
}
