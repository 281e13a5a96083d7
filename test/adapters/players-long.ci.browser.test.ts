import { expect } from 'chai';
import { backendOrigin, clearFaults, clearRequestLog, requestLog, setFaults } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { pause } from '../support/wait.js';
import { longToken } from './support/long-token.js';
import { playerNames, startPlayer, type RealPlayer } from './support/real-players.js';
import { watchStalls } from './support/watch-stalls.js';

const STREAM = 'demo-low';
const SECONDS = 40;
/** A player with short tokens may stand still for this much longer than the same player with a long one. */
const TOLERATED_MS = 500;

describe('players of others over 40 s of live with 6 s tokens', () => {
  let own: RealPlayer[] = [];
  let controls: RealPlayer[] = [];
  let stallsMs: readonly number[] = [];

  before(async function () {
    skipUnless('many players', this);
    const control = `${backendOrigin()}/t/${await longToken(STREAM)}/live/${STREAM}`;
    await setFaults({ tokens: { ttlSeconds: 6 } });
    await clearRequestLog();
    const tokenUrl = `${backendOrigin()}/api/tokens`;
    const all = await Promise.all([
      ...playerNames.map((name) => startPlayer(name, `${backendOrigin()}/live/${STREAM}`, { tokenUrl })),
      ...playerNames.map((name) => startPlayer(name, control, null)),
    ]);
    own = all.slice(0, playerNames.length);
    controls = all.slice(playerNames.length);
    const watch = watchStalls(all.map(({ video }) => video));
    await pause(SECONDS * 1000);
    watch.end();
    stallsMs = watch.longestMs();
  });

  after(async () => {
    await clearFaults();
    for (const player of [...own, ...controls]) await player.end();
  });

  for (const [index, name] of playerNames.entries())
    it(`${name} stalls no longer than with a long token, and reports nothing`, () => {
      const [ownMs = NaN, controlMs = NaN] = [stallsMs[index], stallsMs[index + playerNames.length]];
      expect(ownMs, `control: ${String(controlMs)} ms`).to.be.lessThan(controlMs + TOLERATED_MS);
      expect(own[index]?.failures).to.deep.equal([]);
    });

  it('is refused nothing', async () => {
    const log = await requestLog();
    expect(log.filter(({ status }) => status === 401 || status === 403)).to.deep.equal([]);
    expect(log.filter(({ kind }) => kind === 'token').length).to.be.greaterThan(SECONDS / 6);
  });
});
