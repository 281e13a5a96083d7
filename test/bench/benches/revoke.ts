import type { Bench } from '../report/bench-report.js';
import { checksPerSecond, measureDeath, measureOff, renewAll, RevokeSite, type OffDelay } from '../revoke.js';
import { median, round } from '../statistics.js';

const MOST_OFF_MS = 2000;

/** Revocation on two instances with one Redis: how fast access ends, and what 100,000 live sessions cost. */
export const measureRevoke: Bench = async ({ isQuick, rounds = isQuick ? 3 : 30, tell }) => {
  const sessions = isQuick ? 2000 : 100_000;
  const site = await RevokeSite.start();
  const emptyBytes = await site.memoryBytes();
  tell('access that ends, without other load');
  const idle: OffDelay[] = [];
  for (let index = 0; index < rounds; index += 1) idle.push(await measureOff(site, `idle-${String(index)}`));
  const before = await site.memoryBytes();
  tell(`${String(sessions)} sessions start`);
  const started = await renewAll(site, sessions);
  const sessionBytes = (await site.memoryBytes()) - before;
  tell('they renew their tokens, and access ends meanwhile');
  const busy: OffDelay[] = [];
  const renewing = renewAll(site, sessions);
  // They take a part of the time only.
  for (let index = 0; index < rounds; index += 1) busy.push(await measureOff(site, `busy-${String(index)}`));
  const renewed = await renewing;
  const instanceBytes = await site.instanceBytes();
  const revocationCount = isQuick ? 500 : 10_000;
  tell(`${String(revocationCount)} revocations in force`);
  const beforeList = await site.memoryBytes();
  for (let index = 0; index < revocationCount; index += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, each) => site.revoke({ user: `banned-${String(index + each)}` })),
    );
  const listBytes = (await site.memoryBytes()) - beforeList;
  const longList: OffDelay[] = [];
  for (let index = 0; index < rounds; index += 1)
    longList.push(await measureOff(site, `long-${String(index)}`));
  await site.stop();
  const checks = [await checksPerSecond(0, 500), await checksPerSecond(isQuick ? 1000 : 50_000, 500)];
  tell('Redis dies');
  const deaths = { closed: await measureDeath('closed', 9000), open: await measureDeath('open', 9000) };
  const offs = { idle, busy, longList };
  const worst = Math.max(
    ...Object.values(offs).flatMap((each) => each.map(({ lastAcceptedMs }) => lastAcceptedMs)),
  );
  return {
    tables: [
      {
        title: 'Revoked at one instance, milliseconds from the call (median, longest)',
        columns: ['', 'last accepted segment at the other one', 'event at the page', 'response to the call'],
        rows: Object.entries(offs).map(([name, each]) => [
          name,
          spread(each.map(({ lastAcceptedMs }) => lastAcceptedMs)),
          spread(each.map(({ eventMs }) => eventMs)),
          spread(each.map(({ revokedMs }) => revokedMs)),
        ]),
      },
      {
        title: `${String(sessions)} live sessions on one Redis (load generator, two instances and Redis on this machine)`,
        columns: ['', 'value'],
        rows: [
          ['Redis memory, empty', `${round(emptyBytes / 1e6, 2)} MB`],
          ['Redis memory of the sessions', `${round(sessionBytes / 1e6, 1)} MB`],
          ['a session', `${round(sessionBytes / sessions)} bytes`],
          ['token requests a second, first', round(started)],
          ['token requests a second, renewals', round(renewed)],
          [
            'memory of each instance after that',
            instanceBytes.map((each) => `${round(each / 1e6)} MB`).join(', '),
          ],
          [`Redis memory of ${String(revocationCount)} revocations`, `${round(listBytes / 1e6, 2)} MB`],
          ['checks of a token a second, empty list', round(checks[0] ?? 0)],
          [`the same, ${isQuick ? '1,000' : '50,000'} revocations`, round(checks[1] ?? 0)],
        ],
      },
      {
        title: 'Redis dies',
        columns: ['policy', 'first refused segment'],
        rows: Object.entries(deaths).map(([policy, seconds]) => [
          policy,
          seconds === null ? 'none in 9 s' : `after ${round(seconds, 1)} s`,
        ]),
      },
    ],
    aims: [
      {
        aim: `last accepted segment at most ${String(MOST_OFF_MS)} ms after the call`,
        measured: `${round(worst)} ms`,
        isMet: worst <= MOST_OFF_MS,
      },
    ],
    figures: { offs, sessions, sessionBytes, started, renewed, instanceBytes, listBytes, checks, deaths },
  };
};

function spread(values: readonly number[]): string {
  return values.length === 0 ? '–' : `${round(median(values), 1)}, ${round(Math.max(...values), 1)}`;
}
