import { findCase } from '../cases/fault-cases.js';
import type { FaultCase } from '../cases/fault-case.js';
import type { CaseReport } from '../report/case-outcome.js';
import { type CaseAddresses, CasePlayers } from './case-players.js';

/** Media that both play before the fault comes. */
const playedBeforeMs = 4_000;
/** A start that takes longer is a failure of the environment. */
const startLimitMs = 60_000;
/** After the fault, the case is over when both have played for so long, which is more than is buffered. */
const steadyMs = 10_000;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Waits for a condition. @returns whether it holds */
async function waitFor(condition: () => boolean, limitMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > deadlineMs) return false;
    await pause(50);
  }
  return true;
}

/** Tells the servers of a case what to do. */
async function command(name: string, verb: 'open' | 'begin' | 'end'): Promise<unknown> {
  const response = await fetch(`/cases/${name}/${verb}`, { method: 'POST' });
  if (!response.ok) throw new Error(`The servers of ${name} did not answer to ${verb}.`);
  return response.json();
}

async function report(name: string, body: CaseReport | { readonly problem: string }): Promise<void> {
  await fetch(`/cases/${name}/report`, { method: 'POST', body: JSON.stringify(body) });
}

async function runCase(faultCase: FaultCase, watchMs: number): Promise<CaseReport> {
  const { name, when, seconds } = faultCase;
  const addresses = (await command(name, 'open')) as CaseAddresses;
  if (when === 'start') await command(name, 'begin');
  const mountedMs = performance.now();
  const players = new CasePlayers(faultCase, addresses);
  try {
    if (when !== 'start') {
      if (!(await waitFor(() => players.havePlayed(playedBeforeMs), startLimitMs)))
        throw new Error('The players did not start.');
      if (when === 'paused') players.pause();
      await command(name, 'begin');
    }
    const startedMs = when === 'start' ? mountedMs : performance.now();
    await pause(seconds * 1000);
    await command(name, 'end');
    const endedMs = performance.now();
    // The pause itself does not count as a stall.
    const beganMs = when === 'paused' ? endedMs : startedMs;
    if (when === 'paused') players.play();
    await pause(steadyMs);
    await waitFor(() => players.areSteady(steadyMs), watchMs - steadyMs);
    return { name, watchedMs: performance.now() - endedMs, ...players.outcome(beganMs, endedMs) };
  } finally {
    players.close();
  }
}

async function runNamed(name: string, watchMs: number): Promise<void> {
  const faultCase = findCase(name);
  try {
    await report(name, await runCase(faultCase, watchMs));
  } catch (error) {
    await report(name, { problem: error instanceof Error ? error.message : 'unknown' });
  }
}

/** Runs the cases of the address, several at a time. */
async function runPage(): Promise<void> {
  const parameters = new URLSearchParams(location.search);
  const waiting = (parameters.get('cases') ?? '').split(',').filter((name) => name !== '');
  const atOnce = Number(parameters.get('players') ?? 4);
  const watchMs = Number(parameters.get('watch') ?? 60) * 1000;
  await customElements.whenDefined('secure-player');
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      await runNamed(name, watchMs);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

void runPage();
