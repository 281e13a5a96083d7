import type { Engine } from './engine.js';

/** An engine and the number of its browsers that run in parallel. */
export interface EngineRun {
  readonly engine: Engine;
  readonly shardCount: number;
}

/**
 * Number of parallel browsers of an engine, on two cores. Most tests wait for media that plays in real
 * time: a browser of Chromium or Firefox with its servers uses a fifth of a core. WebKitGTK uses 0.3 cores, because it
 * draws and decodes in software. The rest is left for project builds, static checks and moments with more work.
 */
const shardCounts: Readonly<Record<Engine, number>> = { chromium: 5, firefox: 3, webkit: 3 };

/** Returns the turns of a run, one after the other. The engines of a turn run at the same time. */
export function planTurns(engines: readonly Engine[]): readonly (readonly EngineRun[])[] {
  const runOf = (engine: Engine): EngineRun => ({ engine, shardCount: shardCounts[engine] });
  if (!engines.includes('firefox') || !engines.includes('webkit'))
    return engines.map((engine) => [runOf(engine)]);
  const others = engines.filter((engine) => engine !== 'firefox' && engine !== 'webkit');
  return [...others.map((engine) => [runOf(engine)]), [runOf('firefox'), runOf('webkit')]];
}
