import { expect } from 'chai';
import {
  backendOrigin,
  clearFaults,
  clearRequestLog,
  requestLog,
  setFaults,
  type LogEntry,
} from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { until } from '../support/wait.js';
import { findText } from './support/find-text.js';
import { playerNames, startPlayer, type RealPlayer } from './support/real-players.js';
import { longToken } from './support/long-token.js';
import { watchStalls, type StallWatch } from './support/watch-stalls.js';

const STREAM = 'demo-low';
/** A token of the demo, or what is left of one. */
const TOKEN = /eyJ[\w-]{10,}|[?&]token=/;

const isRefusal = ({ status }: LogEntry): boolean => status === 401 || status === 403;

const failuresOf = (players: readonly RealPlayer[]): unknown =>
  players.filter(({ failures }) => failures.length > 0).map(({ name, failures }) => [name, failures]);

describe('players of others with tokens, side by side', () => {
  let players: RealPlayer[] = [];
  let controls: RealPlayer[] = [];
  let watch: StallWatch | undefined;
  let renewals = 0;

  before(async function () {
    skipUnless('many players', this);
    const token = await longToken(STREAM);
    await setFaults({ tokens: { ttlSeconds: 6 } });
    await clearRequestLog();
    const options = {
      tokenUrl: `${backendOrigin()}/api/tokens`,
      onTokenRefreshed: () => (renewals += 1),
    };
    const started = await Promise.all([
      ...playerNames.map((name) => startPlayer(name, `${backendOrigin()}/live/${STREAM}`, options)),
      ...['hls.js', 'Shaka Player'].map((name) =>
        startPlayer(name, `${backendOrigin()}/t/${token}/live/${STREAM}`, null),
      ),
    ]);
    players = started.slice(0, playerNames.length);
    controls = started.slice(playerNames.length);
    watch = watchStalls(started.map(({ video }) => video));
  });

  after(async () => {
    watch?.end();
    await clearFaults();
    for (const player of [...players, ...controls]) await player.end();
  });

  it('play on over two renewals as with a long token, and are refused nothing', async () => {
    const from = renewals;
    await until(() => renewals >= from + 2 * players.length, 'two renewals');
    const longest = watch?.longestMs() ?? [];
    const control = Math.max(...longest.slice(players.length));
    expect(Math.max(...longest.slice(0, players.length))).to.be.lessThan(control + 500);
    expect((await requestLog()).filter(isRefusal)).to.deep.equal([]);
    expect(failuresOf(players)).to.deep.equal([]);
  });

  it('request one token for all when every token is refused, and see no refusal', async () => {
    const from = renewals;
    await until(() => renewals > from, 'a renewal');
    await setFaults({ tokens: { ttlSeconds: 600 } });
    await clearRequestLog();
    await setFaults({ expireNow: true });
    const beforeMs = players.map(({ video }) => video.currentTime);
    await until(
      () => players.every(({ video }, index) => video.currentTime > (beforeMs[index] ?? 0) + 2.5),
      'every player to play on',
    );
    const log = await requestLog();
    expect(log.filter(({ kind }) => kind === 'token')).to.have.length(1);
    expect(log.filter(isRefusal)).to.not.deep.equal([]);
    expect(failuresOf(players)).to.deep.equal([]);
  });

  it('keep no token', () => {
    for (const player of players) expect(findText(player.kept(), TOKEN), player.name).to.deep.equal([]);
    for (const player of controls) expect(findText(player.kept(), TOKEN), player.name).to.not.deep.equal([]);
  });

  it('handle a 404 of the origin themselves', async () => {
    await setFaults({ media: { reject: { stream: STREAM, kind: 'segment', status: 404 } } });
    await until(() => players.every(({ failures }) => failures.length > 0), 'a failure in each player');
    for (const { failures, name } of players) expect(failures.join(), name).to.include('404');
    for (const player of players) expect(findText(player.kept(), TOKEN), player.name).to.deep.equal([]);
  });
});
