import { isNumericDate, looksLikeMilliseconds, refreshReasons } from '@gatecast/contract';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { due, isRecord, jsonOf, type Answer, type Check, type Exchange, type Finding } from './finding.js';

/** Accepted difference between `serverTime` and this machine, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 5;
const WEEK_SECONDS = 604_800;

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
    const isUnderstood = isRecord(body)
      ? ['token', 'data', 'h5live', 'security', 'jwtoken'].some((name) => name in body)
      : /^\S+$/.test(answer.text.trim());
    const what = 'the body is { "tokens": [{ "stream", "token", "expiresAt" }], "serverTime" }';
    const detail = isUnderstood
      ? 'The body has one of the older forms. Players accept it, but only the full form carries one token per stream and the server’s time.'
      : 'Players do not accept this form.';
    return [due(false, what, detail, isUnderstood ? 'advice' : 'missing')];
  }
  const items: unknown[] = body['tokens'];
  return [
    due(
      /^application\/json\b/i.test(answer.headers.get('Content-Type') ?? ''),
      'the response is application/json',
      'Set Content-Type: application/json.',
    ),
    ...checkStreams(items, exchange.streams),
    ...items.filter(isRecord).flatMap((item) => checkItem(item, exchange)),
    ...checkServerTime(body['serverTime'], exchange.now()),
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

function checkItem(item: Record<string, unknown>, { now }: Exchange): Finding[] {
  const { token, security, expiresAt } = item as { token?: unknown; security?: unknown; expiresAt?: unknown };
  const hasToken = typeof token === 'string' && token !== '';
  const hasSecurity =
    isRecord(security) && Object.values(security).every((value) => typeof value === 'string');
  const nowSeconds = now() / 1000;
  const findings = [
    due(
      hasToken || hasSecurity,
      'each item has a token, or a security object of strings',
      'Send "token" as a string, or "security" with string values only: the vendor’s player ignores numbers.',
    ),
    hasSecurity && expiresAt === undefined && !security['expires'] && !security['jwtoken']
      ? due(
          false,
          'the security object has an end',
          'Without "expires", a copied token stays valid.',
          'advice',
        )
      : checkExpiresAt(expiresAt, nowSeconds),
  ];
  return hasToken ? [...findings, ...checkJwt(token, expiresAt, nowSeconds)] : findings;
}

function checkExpiresAt(expiresAt: unknown, nowSeconds: number): Finding {
  return due(
    isNumericDate(expiresAt) && expiresAt > nowSeconds,
    'expiresAt is in seconds and in the future',
    looksLikeMilliseconds(expiresAt)
      ? 'The value looks like milliseconds. Divide it by 1000.'
      : 'Send the token’s expiry as NumericDate (seconds since 1970).',
  );
}

function checkJwt(token: string, expiresAt: unknown, nowSeconds: number): Finding[] {
  let claims: Record<string, unknown>;
  let header: Record<string, unknown>;
  try {
    claims = decodeJwt(token);
    header = { ...decodeProtectedHeader(token) };
  } catch {
    return [due(false, 'the token is a JWT', 'The token is opaque, so players rely on expiresAt.', 'advice')];
  }
  const { alg, kid } = header as { alg?: unknown; kid?: unknown };
  const exp = claims['exp'];
  return [
    due(alg !== 'none', 'the token is signed', 'The alg is "none": anyone can create such a token.'),
    due(
      typeof kid === 'string',
      'the token has a kid',
      'Without kid you cannot rotate keys while tokens are in use.',
      'advice',
    ),
    due(
      exp === expiresAt,
      'expiresAt equals the token’s exp',
      'The two differ. Players use the earlier one.',
      'advice',
    ),
    due(
      typeof exp !== 'number' || exp - nowSeconds <= WEEK_SECONDS,
      'the token lifetime is at most a week',
      'A leaked token gives access until it expires.',
      'advice',
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
