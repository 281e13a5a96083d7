import type { Bench } from '../report/bench-report.js';

/** Each bench is loaded when it runs, so that a bench that cannot run here does not stop the others. */
export const benches = {
  startup: async () => (await import('./startup.js')).measureStartup,
  refresh: async () => (await import('./refresh.js')).measureRefresh,
  entries: async () => (await import('./entries.js')).measureEntries,
  schemes: async () => (await import('./schemes.js')).measureSchemes,
  server: async () => (await import('./server.js')).measureServer,
  media: async () => (await import('./media.js')).measureMedia,
  revoke: async () => (await import('./revoke.js')).measureRevoke,
  crowd: async () => (await import('./crowd.js')).measureCrowd,
  ingest: async () => (await import('./ingest.js')).measureIngest,
  frameworks: async () => (await import('./frameworks.js')).measureFrameworks,
  webcaster: async () => (await import('./webcaster.js')).measureWebcaster,
  whep: async () => (await import('./whep.js')).measureWhep,
  sending: async () => (await import('./sending.js')).measureSending,
} satisfies Record<string, () => Promise<Bench>>;

export type BenchName = keyof typeof benches;

export function isBenchName(name: string): name is BenchName {
  return Object.hasOwn(benches, name);
}
