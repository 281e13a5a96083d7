import { isNumericDate, looksLikeMilliseconds, refreshReasons } from '@gatecast/contract';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { due, isRecord, jsonOf, type Answer, type Check, type Exchange, type Finding } from './finding.js';

/** Seconds by which `serverTime` may be off without a remark. */
const CLOCK_TOLERANCE_SECONDS = 5;
const WEEK_SECONDS = 604_800;

/** What a good request gets. */
export const answerChecks: readonly Check[] = [checkAnswer, checkReasons];

async function checkAnswer(exchange: Exchange): Promise<Finding[]> {
  const { purpose, streams } = exchange;
  const answer = await exchange.post({ purpose, streams, reason: 'initial' });
  const status = due(
    answer.status === 200,
    'POST with purpose, streams and reason answers 200',
    `It answered ${String(answer.status)}. ${answer.status === 401 || answer.status === 403 ? 'Sign the check in with --bearer-env or --cookie-env, and give streams it may have.' : ''}`.trim(),
  );
  if (answer.status !== 200) return [status];
  return [status, ...checkCaching(answer), ...checkBody(answer, exchange)];
}

function checkCaching({ headers }: Answer): Finding[] {
  const isKeptOut = /\bno-store\b/i.test(headers.get('Cache-Control') ?? '');
  return [
    due(
      isKeptOut,
      'the answer says Cache-Control: no-store',
      'Set that header: a cache would give the token of one viewer to another.',
    ),
  ];
}

function checkBody(answer: Answer, exchange: Exchange): Finding[] {
  const body = jsonOf(answer);
  if (!isRecord(body) || !Array.isArray(body['tokens'])) {
    const isUnderstood = isRecord(body)
      ? 'token' in body || 'data' in body || 'h5live' in body
      : /^\S+$/.test(answer.text.trim());
    const what = 'the answer is { "tokens": [{ "stream", "token", "expiresAt" }], "serverTime" }';
    const detail = isUnderstood
      ? 'It has one of the older forms, which players understand; only the full form carries one token per stream and the server’s time.'
      : 'It is not a form that players understand.';
    return [due(false, what, detail, isUnderstood ? 'advice' : 'missing')];
  }
  const items: unknown[] = body['tokens'];
  return [
    due(
      /^application\/json\b/i.test(answer.headers.get('Content-Type') ?? ''),
      'the answer is application/json',
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
      'every stream asked for has an item',
      `${String(absent.length)} of ${String(streams.length)} have none.`,
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
      'an item carries token, or security of strings',
      'Send "token" as text, or "security" with text values only: the vendor’s player drops numbers.',
    ),
    due(
      isNumericDate(expiresAt) && expiresAt > nowSeconds,
      'expiresAt is in seconds and in the future',
      looksLikeMilliseconds(expiresAt)
        ? 'It looks like milliseconds: divide by 1000.'
        : 'Send the end of the token as NumericDate seconds.',
    ),
  ];
  return hasToken ? [...findings, ...checkJwt(token, expiresAt, nowSeconds)] : findings;
}

function checkJwt(token: string, expiresAt: unknown, nowSeconds: number): Finding[] {
  let claims: Record<string, unknown>;
  let header: Record<string, unknown>;
  try {
    claims = decodeJwt(token);
    header = { ...decodeProtectedHeader(token) };
  } catch {
    return [due(false, 'the token is a JWT', 'It is opaque, so players rely on expiresAt alone.', 'advice')];
  }
  const { alg, kid } = header as { alg?: unknown; kid?: unknown };
  const exp = claims['exp'];
  return [
    due(alg !== 'none', 'the token is signed', 'Its alg is "none": anyone can make such a token.'),
    due(
      typeof kid === 'string',
      'the token names its key (kid)',
      'Without kid you cannot rotate keys while tokens are in use.',
      'advice',
    ),
    due(
      exp === expiresAt,
      'expiresAt equals the token’s exp',
      'They differ; players use the earlier one.',
      'advice',
    ),
    due(
      typeof exp !== 'number' || exp - nowSeconds <= WEEK_SECONDS,
      'the token lives a week at most',
      'A leaked token opens the stream until it ends.',
      'advice',
    ),
  ];
}

function checkServerTime(serverTime: unknown, nowMs: number): Finding[] {
  const isSeconds = isNumericDate(serverTime) && serverTime > 0;
  const form = due(
    isSeconds,
    'serverTime is in seconds',
    'Send the server’s time as NumericDate seconds, so that players with a wrong clock refresh on time.',
  );
  if (!isSeconds) return [form];
  const offSeconds = Math.abs(serverTime - nowMs / 1000);
  return [
    form,
    due(
      offSeconds <= CLOCK_TOLERANCE_SECONDS,
      'serverTime agrees with this machine',
      `They are ${offSeconds.toFixed(0)} s apart.`,
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
      'every reason is understood',
      'One of scheduled, rejected, resume and manual was refused.',
    ),
  ];
}
