import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { collect, startCli } from './gatecast-cli.js';

/** A test that fails stops nothing itself. */
const children: ChildProcess[] = [];

/** Ends all processes that were started. */
export function endAll(): void {
  for (const child of children) child.kill('SIGTERM');
}

export interface Line {
  readonly msg?: string;
  readonly worker?: number;
  readonly pid?: number;
}

/** Starts `gatecast serve`. `lines` resolves with its log when that fulfils a condition. */
export async function startServe(path: string) {
  const child = await startCli(['serve', '--config', path]);
  children.push(child);
  const output = collect(child);
  const read = (): Line[] =>
    output()
      .out.split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);
  async function lines(isEnough: (all: Line[]) => boolean): Promise<Line[]> {
    while (!isEnough(read())) {
      assert.equal(child.exitCode, null, output().err);
      if (child.stdout) await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    }
    return read();
  }
  const listens = ({ msg }: Line) => msg === 'A worker listens';
  const workers = async (count: number) =>
    (await lines((all) => all.filter(listens).length >= count)).filter(listens);
  async function port(): Promise<number> {
    for (;;) {
      const found = /listening on http:\/\/[\d.]+:(\d+)/.exec(output().err)?.[1];
      if (found !== undefined) return Number(found);
      assert.equal(child.exitCode, null, output().err);
      if (child.stderr) await Promise.race([once(child.stderr, 'data'), once(child, 'exit')]);
    }
  }
  return { child, output, lines, workers, port: await port() };
}

/** A request on a connection of its own, so that the workers take turns. */
export async function ask(port: number, path: string, session: string, body?: string) {
  const headers = { Authorization: `Bearer ${session}`, 'Content-Type': 'application/json' };
  const agent = new Agent();
  const method = body === undefined ? 'GET' : 'POST';
  const sent = request({ port, host: '127.0.0.1', path, method, headers, agent }).end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, text: await text(response) };
}
