import type { Engine } from './engine.js';

/** An engine and the number of its browsers that run in parallel. */
export interface EngineRun {
  readonly engine: Engine;
  readonly shardCount: number;
}

/**
 * Number of parallel browsers of an engine that runs alone, on two cores. Most tests wait for media that plays in real
 * time: a browser of Chromium or Firefox with its servers uses a fifth to a third of a core, one of WebKitGTK 0.3 to 0.4.
 * The rest is left for static checks and for moments with more work.
 */
const shardsAlone: Readonly<Record<Engine, number>> = { chromium: 5, firefox: 3, webkit: 2 };

/** Firefox beside WebKitGTK: with two of its browsers both engines end at about the same time. */
const shardsOfFirefoxBesideWebkit = 2;

/** Returns the turns of a run, one after the other. The engines of a turn run at the same time. */
export function planTurns(engines: readonly Engine[]): readonly (readonly EngineRun[])[] {
  const alone = (engine: Engine): EngineRun => ({ engine, shardCount: shardsAlone[engine] });
  if (!engines.includes('firefox') || !engines.includes('webkit'))
    return engines.map((engine) => [alone(engine)]);
  const others = engines.filter((engine) => engine !== 'firefox' && engine !== 'webkit');
  return [
    ...others.map((engine) => [alone(engine)]),
    [{ engine: 'firefox', shardCount: shardsOfFirefoxBesideWebkit }, alone('webkit')],
  ];
}
