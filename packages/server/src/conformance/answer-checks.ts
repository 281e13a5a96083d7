import { refreshReasons } from '@gatecast/contract';
import {
  advice,
  isRecord,
  jsonOf,
  required,
  type Answer,
  type Check,
  type Exchange,
  type Finding,
} from './finding.js';
import { checkItem } from './item-checks.js';
import { checkPlace } from './place-checks.js';
import { preflight } from './preflight.js';
import { checkProblem } from './problem-checks.js';
import { itemOfAnswer } from './read-item.js';
import { readTime, timeHint } from './read-time.js';

/** Accepted difference between `serverTime` and this machine, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** Checks of the response to a valid request: mostly what the elements need. */
export const answerChecks: readonly Check[] = [checkAnswer, checkReasons, checkAllowedOrigin, checkSignedOut];

async function checkAnswer(exchange: Exchange): Promise<Finding[]> {
  const { purpose, streams } = exchange;
  const answer = await exchange.post({ purpose, streams, reason: 'initial' });
  const status = required(
    isSuccess(answer),
    'POST with purpose, streams and reason succeeds',
    `The status is ${String(answer.status)}. ${answer.status === 401 || answer.status === 403 ? 'Authenticate with --bearer-env or --cookie-env, and name streams that this caller may access.' : ''}`.trim(),
  );
  if (!isSuccess(answer)) return [status];
  return [status, ...checkCaching(answer), ...checkBody(answer, exchange)];
}

function checkCaching({ headers }: Answer): Finding[] {
  const isNoStore = /\bno-store\b/i.test(headers.get('Cache-Control') ?? '');
  return [
    advice(
      isNoStore,
      'the response has Cache-Control: no-store',
      'Set this header. Otherwise a cache can return one viewer’s token to another viewer.',
    ),
  ];
}

function checkBody(answer: Answer, exchange: Exchange): Finding[] {
  const body = jsonOf(answer);
  const what = 'the body is { "tokens": [{ "stream", "token", "expiresAt" }], "serverTime" }';
  if (!isRecord(body) || !('tokens' in body)) {
    return [
      advice(
        false,
        what,
        'Only this form carries one token per stream and the server’s time. Players also accept the older forms.',
      ),
      ...checkItem(itemOfAnswer(answer), exchange, answer),
      ...(isRecord(body) && body['serverTime'] !== undefined
        ? checkServerTime(body['serverTime'], exchange.now())
        : []),
    ];
  }
  if (!Array.isArray(body['tokens']))
    return [required(false, '"tokens" is a list', `Send ${what.slice(12)}.`)];
  const items: unknown[] = body['tokens'];
  return [
    advice(
      /^application\/json\b/i.test(answer.headers.get('Content-Type') ?? ''),
      'the response is application/json',
      'Set Content-Type: application/json.',
    ),
    required(
      items.every((item) => isRecord(item) && typeof item['stream'] === 'string'),
      'each item names its stream',
      'Add "stream" with the name from the request.',
    ),
    ...checkStreams(items, exchange.streams, body['url'] !== undefined),
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
    advice(
      isRight && isRecord(playlists),
      'playlists are HLS texts by absolute URL',
      'Send "playlists" as { "<url>": "<text that begins with #EXTM3U>" }. Players ignore others, and request the playlists.',
    ),
  ];
}

function checkStreams(items: unknown[], streams: readonly string[], hasEntry: boolean): Finding[] {
  const named = new Set(items.filter(isRecord).map((item) => item['stream']));
  const absent = streams.filter((stream) => !named.has(stream));
  // A page without a stream gets its name from the backend, with the address.
  const isChosen = hasEntry && streams.length === 1;
  return [
    required(
      absent.length === 0 || isChosen,
      'each requested stream has an item',
      `${String(absent.length)} of ${String(streams.length)} streams have no item.`,
    ),
  ];
}

function checkServerTime(serverTime: unknown, nowMs: number): Finding[] {
  const time = readTime(serverTime);
  const form =
    time === undefined
      ? advice(
          false,
          'the body has serverTime',
          'Send the server’s time as NumericDate (seconds since 1970), so that players with a wrong clock refresh on time.',
        )
      : required(typeof time === 'number', 'serverTime is in seconds', timeHint(time));
  if (typeof time !== 'number') return [form];
  const offSeconds = Math.abs(time - nowMs / 1000);
  return [
    form,
    advice(
      offSeconds <= CLOCK_TOLERANCE_SECONDS,
      'serverTime matches the clock of this machine',
      `The difference is ${offSeconds.toFixed(0)} s.`,
    ),
  ];
}

async function checkReasons(exchange: Exchange): Promise<Finding[]> {
  const { purpose, streams } = exchange;
  const statuses: number[] = [];
  for (const reason of refreshReasons.filter((each) => each !== 'initial')) {
    statuses.push((await exchange.post({ purpose, streams: streams.slice(0, 1), reason })).status);
  }
  return [
    required(
      statuses.every((status) => status >= 200 && status < 300),
      'all reasons are accepted',
      'The endpoint refused one of scheduled, rejected, resume and manual.',
    ),
  ];
}

async function checkAllowedOrigin(exchange: Exchange): Promise<Finding[]> {
  const { origin } = exchange;
  if (origin === undefined) return [];
  const { purpose, streams } = exchange;
  const { status, headers } = await preflight(exchange, origin);
  const allows = (given: Headers) => ['*', origin].includes(given.get('Access-Control-Allow-Origin') ?? '');
  const { headers: ofPost } = await exchange.post(
    { purpose, streams, reason: 'initial' },
    { Origin: origin },
  );
  const names = headers.get('Access-Control-Allow-Headers') ?? '';
  return [
    required(
      status >= 200 && status < 300,
      'OPTIONS from the given origin is accepted',
      `The status is ${String(status)}. Browsers send OPTIONS before a POST from another origin.`,
    ),
    required(allows(headers), 'CORS allows the given origin', 'Add it to the allowed CORS origins.'),
    required(
      allows(ofPost),
      'the response to POST also allows the given origin',
      'Set Access-Control-Allow-Origin on the response to POST, too. Otherwise the browser does not show it to the page.',
    ),
    required(
      /content-type/i.test(names) || names.trim() === '*',
      'CORS allows the header Content-Type',
      'Add Content-Type to Access-Control-Allow-Headers.',
    ),
  ];
}

/** The options contain credentials, so the endpoint must need them. */
async function checkSignedOut(exchange: Exchange): Promise<Finding[]> {
  const { purpose, streams, isSignedIn } = exchange;
  if (!isSignedIn) return [];
  const answer = await exchange.postSignedOut({ purpose, streams, reason: 'initial' });
  return [
    required(
      answer.status === 401 || answer.status === 403,
      'an unauthenticated request gets 401 or 403',
      `The status is ${String(answer.status)}. Anyone could get tokens.`,
    ),
    ...checkProblem('an unauthenticated request', answer),
  ];
}

/** Players take each 2xx for a success. */
function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}
