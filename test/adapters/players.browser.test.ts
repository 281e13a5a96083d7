import { systemClock } from '@gatecast/token';
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
import { CountedTokens } from './support/counted-tokens.js';
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
  const names = [...playerNames, 'vidstack'];
  const tokens = names.map(() => new CountedTokens());
  const countOf = ({ reasons }: CountedTokens): number => reasons.length;

  const playOn = async (): Promise<void> => {
    const beforeMs = players.map(({ video }) => video.currentTime);
    await until(
      () => players.every(({ video }, index) => video.currentTime > (beforeMs[index] ?? 0) + 2.5),
      'every player to play on',
    );
  };

  /** Refuses every token until now. Each player must get on with one token request, and repeat what was refused once. */
  const expectOneRepeat = async (): Promise<void> => {
    await clearRequestLog();
    const before = tokens.map(countOf);
    await setFaults({ expireNow: true });
    await playOn();
    const log = await requestLog();
    for (const [index, name] of names.entries()) {
      const counted = tokens[index];
      const { refused, wronglyRepeated } = counted?.refused(log) ?? {};
      expect(counted?.reasons.slice(before[index]), name).to.deep.equal(['rejected']);
      expect(refused, name).to.be.greaterThan(0);
      expect(wronglyRepeated, name).to.deep.equal([]);
    }
    expect(failuresOf(players)).to.deep.equal([]);
  };

  before(async function () {
    skipUnless('many players', this);
    const token = await longToken(STREAM);
    await setFaults({ tokens: { ttlSeconds: 6 } });
    await clearRequestLog();
    const source = `${backendOrigin()}/live/${STREAM}`;
    const started = await Promise.all([
      ...names.map((name, index) => startPlayer(name, source, tokens[index]?.options ?? {})),
      ...['hls.js', 'Shaka Player'].map((name) =>
        startPlayer(name, `${backendOrigin()}/t/${token}/live/${STREAM}`, null),
      ),
    ]);
    players = started.slice(0, names.length);
    controls = started.slice(names.length);
    watch = watchStalls(started.map(({ video }) => video));
  });

  after(async () => {
    watch?.end();
    await clearFaults();
    for (const player of [...players, ...controls]) await player.end();
  });

  it('play on over two renewals as with a long token, and are refused nothing', async () => {
    const from = tokens.map(countOf);
    await until(() => tokens.every((each, index) => countOf(each) >= (from[index] ?? 0) + 2), 'two renewals');
    const longest = watch?.longestMs() ?? [];
    const control = Math.max(...longest.slice(players.length));
    expect(Math.max(...longest.slice(0, players.length))).to.be.lessThan(control + 500);
    expect((await requestLog()).filter(isRefusal)).to.deep.equal([]);
    expect(failuresOf(players)).to.deep.equal([]);
  });

  it('make one renewal and one repeat each when every token is refused, and see no refusal', async () => {
    const from = tokens.map(countOf);
    await setFaults({ tokens: { ttlSeconds: 600 } });
    await until(() => tokens.every((each, index) => countOf(each) > (from[index] ?? 0)), 'long tokens');
    // A request with the token of before would be refused for it, and then for the long one.
    await playOn();
    await expectOneRepeat();
  });

  it('do the same when the browser hides the refusals', async () => {
    await setFaults({ media: { hideRefusals: true } });
    await expectOneRepeat();
    await setFaults({ media: { hideRefusals: false } });
  });

  it('renew their tokens once when the device wakes after an hour, before one is refused', async () => {
    await clearRequestLog();
    const before = tokens.map(countOf);
    const { now } = Date;
    // For the token client alone: it takes the leap for sleep. The players would lose the live edge.
    Date.now = () => now() + 3_600_000;
    window.dispatchEvent(new Event('online'));
    systemClock.now();
    Date.now = now;
    await playOn();
    for (const [index, name] of names.entries())
      expect(tokens[index]?.reasons.slice(before[index]), name).to.have.length(1);
    // The tokens of the controls are refused since all were.
    const own = (entry: LogEntry): boolean => tokens.some((counted) => counted.has(entry));
    expect((await requestLog()).filter(isRefusal).filter(own)).to.deep.equal([]);
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
