import { createServer, type IncomingMessage, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { basename, join } from 'node:path';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { listen, originOf, stopServer } from '../../demo/backend/http/http-listener.js';
import { bundleClassicScript } from '../support/bundle-classic-script.js';
import { findCase } from './cases/fault-cases.js';
import { PlayerServers } from './origin/player-servers.js';
import type { CaseOutcome, CaseReport } from './report/case-outcome.js';

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Fault matrix</title>
<style>secure-player, video { width: 160px; height: 90px; display: inline-block; }</style>
<script type="module" src="/gatecast.js"></script></head><body><script src="/page.js"></script></body></html>`;

/** A case that could not run. */
export interface CaseProblem {
  readonly name: string;
  readonly problem: string;
}

interface PairOfServers {
  readonly ours: PlayerServers;
  readonly control: PlayerServers;
}

export interface FaultSiteOptions {
  readonly onResult: (result: CaseOutcome | CaseProblem) => void;
}

/** The page with the players, and the servers of the cases that it runs. */
export class FaultSite {
  readonly #server: Server;
  readonly #pairs = new Map<string, PairOfServers>();
  readonly #onResult: FaultSiteOptions['onResult'];
  readonly #files: { readonly folder: string; readonly script: string };

  private constructor(files: { folder: string; script: string }, { onResult }: FaultSiteOptions) {
    this.#files = files;
    this.#onResult = onResult;
    this.#server = createServer((request, response) => {
      this.#answer(request).then(
        ({ type, body }) => response.writeHead(200, { 'Content-Type': type }).end(body),
        () => response.writeHead(404).end(),
      );
    });
  }

  static async open(options: FaultSiteOptions): Promise<FaultSite> {
    const { folder } = await buildGatecast();
    const script = await bundleClassicScript('faults/page/fault-page.ts');
    const site = new FaultSite({ folder, script }, options);
    await listen(site.#server, 0, '127.0.0.1');
    return site;
  }

  get origin(): string {
    return originOf(this.#server);
  }

  /** Address of the page that runs cases. */
  address(names: readonly string[], { players, watchS }: { players: number; watchS: number }): string {
    return `${this.origin}/?cases=${names.join(',')}&players=${String(players)}&watch=${String(watchS)}`;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pairs.keys()].map((name) => this.#closePair(name)));
    await stopServer(this.#server);
  }

  async #answer(request: IncomingMessage): Promise<{ type: string; body: string | Buffer }> {
    const { pathname } = new URL(request.url ?? '/', this.origin);
    if (pathname === '/') return { type: 'text/html; charset=utf-8', body: page };
    if (pathname === '/page.js') return { type: 'text/javascript', body: this.#files.script };
    const [, name, verb] = /^\/cases\/([\w-]+)\/(open|begin|end|report)$/.exec(pathname) ?? [];
    if (name === undefined)
      return { type: 'text/javascript', body: await readFile(join(this.#files.folder, basename(pathname))) };
    const body =
      verb === 'report' ? await this.#report(name, await text(request)) : await this.#command(name, verb);
    return { type: 'application/json', body: JSON.stringify(body) };
  }

  async #command(name: string, verb: string | undefined): Promise<unknown> {
    if (verb === 'open') {
      const faultCase = findCase(name);
      const [ours, control] = await Promise.all([
        PlayerServers.open(faultCase, this.origin),
        PlayerServers.open(faultCase, this.origin),
      ]);
      this.#pairs.set(name, { ours, control });
      return { ours: ours.addresses, control: control.addresses };
    }
    const pair = this.#pairs.get(name);
    if (!pair) throw new Error(`The servers of ${name} are not open.`);
    for (const servers of [pair.ours, pair.control])
      if (verb === 'begin') servers.begin();
      else servers.end();
    return {};
  }

  async #report(name: string, body: string): Promise<unknown> {
    const report = JSON.parse(body) as CaseReport | { readonly problem: string };
    const pair = this.#pairs.get(name);
    if ('problem' in report || !pair) {
      this.#onResult({ name, problem: 'problem' in report ? report.problem : 'It was not opened.' });
    } else {
      this.#onResult({
        ...report,
        ours: { ...report.ours, ...pair.ours.requests() },
        control: { ...report.control, ...pair.control.requests() },
      });
    }
    await this.#closePair(name);
    return {};
  }

  async #closePair(name: string): Promise<void> {
    const pair = this.#pairs.get(name);
    this.#pairs.delete(name);
    await Promise.all([pair?.ours.close(), pair?.control.close()]);
  }
}
