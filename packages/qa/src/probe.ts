import type { SecurePlayer } from '@gatecast/player';
import { redactText } from '@gatecast/token';
import type { CaseResult } from './cases/case-result.js';
import { backendFaults } from './faults/fault-driver.js';
import { hasFaultApi } from './faults/has-fault-api.js';
import { createPageFaults } from './faults/page-faults.js';
import { simulatedDriftMs } from './faults/simulated-background.js';
import { findCase } from './cases/qa-cases.js';
import { runCase } from './cases/run-case.js';
import { waitUntil } from './cases/wait-until.js';
import { TimelineRecord } from './record/timeline-record.js';
import { watchSession } from './record/watch-session.js';

declare global {
  /** Entry point for the driver in a page with the tags. */
  var gatecastQa: { run(name: string): Promise<CaseResult> } | undefined;
}

const elementTimeoutMs = 15_000;
const absolute = (address: string): string => (address === '' ? '' : new URL(address, document.baseURI).href);
const findPlayer = () => document.querySelector('secure-player');
const findWebcaster = () => document.querySelector('secure-webcaster');

// Replace `fetch` before the page's own scripts can store the original.
const pageFaults = createPageFaults({ tokenUrl: () => absolute(findPlayer()?.tokenUrl ?? '') });

/** Returns the URLs of a player's sources, from attribute, children and property. */
function sourcesOf(player: SecurePlayer): string[] {
  const children = [...player.querySelectorAll('source')].map(({ src }) => src);
  const entries = player.source?.entries?.flatMap(({ hls }) => hls ?? []) ?? [];
  return [player.src, ...children, ...entries].filter(Boolean);
}

async function run(name: string): Promise<CaseResult> {
  const qaCase = findCase(name);
  if (!qaCase) return { name, outcome: 'failed', words: 'Unknown case.' };
  const { signal } = new AbortController();
  await waitUntil(() => (findPlayer() ?? findWebcaster()) !== null, { timeoutMs: elementTimeoutMs, signal });
  const [player, webcaster] = [findPlayer(), findWebcaster()];
  const isDefined = (element: Element | null): boolean => !element || element.matches(':defined');
  const isReady = await waitUntil(() => isDefined(player) && isDefined(webcaster), {
    timeoutMs: elementTimeoutMs,
    signal,
  });
  if (!isReady) return { name, outcome: 'failed', words: 'The page did not define its elements.' };
  const record = new TimelineRecord();
  const serverOffsetMs = (): number => -simulatedDriftMs();
  watchSession({ player, webcaster, record, serverOffsetMs, signal });
  // A page may set the source later, or the token response names it. Only then its backend is known.
  const hasSource = (): boolean => !player || sourcesOf(player).length > 0 || player.entries.length > 0;
  await waitUntil(hasSource, { timeoutMs: elementTimeoutMs, signal });
  const ofPlayer = player ? [...sourcesOf(player), player.tokenUrl] : [];
  const ofWebcaster = webcaster ? [webcaster.endpoint ?? '', webcaster.tokenUrl ?? ''] : [];
  const addresses = qaCase.subject === 'player' ? ofPlayer : ofWebcaster;
  const isBackend = await hasFaultApi(addresses, location.href);
  const faults = isBackend ? backendFaults : pageFaults;
  return runCase(qaCase, { player, webcaster, record, faults, signal });
}

globalThis.gatecastQa = {
  // A message of the page or of its backend may quote an address or a token.
  run: (name) =>
    run(name).catch((error: unknown) => ({
      name,
      outcome: 'failed',
      words: `The case was interrupted: ${redactText(error instanceof Error ? error.message : String(error))}`,
    })),
};
