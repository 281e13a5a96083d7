import { isNumericDate, refreshReasons } from '@gatecast/contract';
import { due, isRecord, jsonOf, type Answer, type Check, type Exchange, type Finding } from './finding.js';
import { checkItem } from './item-checks.js';
import { checkPlace, hasPlace } from './place-checks.js';

/** Accepted difference between `serverTime` and this machine, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** Checks of the answer to a valid request. */
export const answerChecks: readonly Check[] = [checkAnswer, checkReasons];

async function checkAnswer(exchange: Exchange): Promise<Finding[]> {
  const { purpose, streams } = exchange;
  const answer = await exchange.post({ purpose, streams, reason: 'initial' });
  const status = due(
    answer.status === 200,
    'POST with purpose, streams and reason returns 200',
    `The status is ${String(answer.status)}. ${answer.status === 401 || answer.status === 403 ? 'Authenticate with --bearer-env or --cookie-env, and name streams that this caller may access.' : ''}`.trim(),
  );
  if (answer.status !== 200) return [status];
  return [status, ...checkCaching(answer), ...checkBody(answer, exchange)];
}

function checkCaching({ headers }: Answer): Finding[] {
  const isNoStore = /\bno-store\b/i.test(headers.get('Cache-Control') ?? '');
  return [
    due(
      isNoStore,
      'the response has Cache-Control: no-store',
      'Set this header. Otherwise a cache can return one viewer’s token to another viewer.',
    ),
  ];
}

function checkBody(answer: Answer, exchange: Exchange): Finding[] {
  const body = jsonOf(answer);
  if (!isRecord(body) || !Array.isArray(body['tokens'])) {
    const isPlaced = isRecord(body) && hasPlace(body);
    const isOlder = isRecord(body)
      ? ['token', 'data', 'h5live', 'security', 'jwtoken'].some((name) => name in body)
      : /^\S+$/.test(answer.text.trim());
    const what = 'the body is { "tokens": [{ "stream", "token", "expiresAt" }], "serverTime" }';
    const name = isPlaced ? 'a short form' : 'one of the older forms';
    const detail =
      isPlaced || isOlder
        ? `The body has ${name}. Players accept it, but only the full form carries one token per stream and the server’s time.`
        : 'Players do not accept this form.';
    return [
      due(false, what, detail, isPlaced || isOlder ? 'advice' : 'missing'),
      ...(isPlaced ? checkItem(body, exchange, answer) : []),
    ];
  }
  const items: unknown[] = body['tokens'];
  return [
    due(
      /^application\/json\b/i.test(answer.headers.get('Content-Type') ?? ''),
      'the response is application/json',
      'Set Content-Type: application/json.',
    ),
    ...checkStreams(items, exchange.streams),
    ...items.filter(isRecord).flatMap((item) => checkItem(item, exchange, answer)),
    ...(body['url'] === undefined ? [] : checkPlace({ url: body['url'] })),
    ...checkServerTime(body['serverTime'], exchange.now()),
    ...(body['playlists'] === undefined ? [] : checkPlaylists(body['playlists'])),
  ];
}

function checkPlaylists(playlists: unknown): Finding[] {
  const entries = isRecord(playlists) ? Object.entries(playlists) : [];
  const isRight = entries.every(
    ([url, text]) => URL.canParse(url) && typeof text === 'string' && /^\uFEFF?#EXTM3U(?:\s|$)/.test(text),
  );
  return [
    due(
      isRight && isRecord(playlists),
      'playlists are HLS texts by absolute URL',
      'Send "playlists" as { "<url>": "<text that begins with #EXTM3U>" }. Players ignore others, and request the playlists.',
      'advice',
    ),
  ];
}

function checkStreams(items: unknown[], streams: readonly string[]): Finding[] {
  const named = new Set(items.filter(isRecord).map((item) => item['stream']));
  const absent = streams.filter((stream) => !named.has(stream));
  return [
    due(
      absent.length === 0,
      'each requested stream has an item',
      `${String(absent.length)} of ${String(streams.length)} streams have no item.`,
    ),
  ];
}

function checkServerTime(serverTime: unknown, nowMs: number): Finding[] {
  const isSeconds = isNumericDate(serverTime) && serverTime > 0;
  const form = due(
    isSeconds,
    'serverTime is in seconds',
    'Send the server’s time as NumericDate (seconds since 1970), so that players with a wrong clock refresh on time.',
  );
  if (!isSeconds) return [form];
  const offSeconds = Math.abs(serverTime - nowMs / 1000);
  return [
    form,
    due(
      offSeconds <= CLOCK_TOLERANCE_SECONDS,
      'serverTime matches the clock of this machine',
      `The difference is ${offSeconds.toFixed(0)} s.`,
      'advice',
    ),
  ];
}

async function checkReasons(exchange: Exchange): Promise<Finding[]> {
  const { purpose, streams } = exchange;
  const answers = [];
  for (const reason of refreshReasons.filter((each) => each !== 'initial')) {
    answers.push((await exchange.post({ purpose, streams: streams.slice(0, 1), reason })).status);
  }
  return [
    due(
      answers.every((status) => status === 200),
      'all reasons are accepted',
      'The endpoint refused one of scheduled, rejected, resume and manual.',
    ),
  ];
}
