import { tokenRequestInit, type TokenRequest } from '@gatecast/contract';
import { customSource, GatecastError, TokenManager } from '@gatecast/token';
import { clockOfRun } from './clock-of-run.js';
import { checkTokenCors } from './check-cors.js';
import { shortName, shownName, withShownName, type Findings } from './finding.js';
import type { StreamTarget } from './stream-target.js';
import type { Session } from './session.js';
import { checkStart, describeLateStart, startOf, type TokenStart } from './token-start.js';
import { textOf, UnreachableError, visit, type DoctorNetwork, type Visit } from './visit.js';

/** As `checkConformance`: a response with playlists is large. */
const MAX_BYTES = 8_388_608;
/** How often a token that has ended is renewed. */
const MOST_RENEWALS = 20;
/** Differences of clocks up to this are usual. */
const CLOCK_TOLERANCE_MS = 5_000;

/** Other tokens that a response may have. */
const NOT_PLAYED = /"(?:refresh|id|session)_?token"\s*:\s*"[^"]*"/gi;

/** What the token endpoint gave. */
export interface AskedToken {
  readonly tokens: TokenManager;
  readonly visit: Visit;
  /** Time of the endpoint minus that of this machine, in milliseconds; `null` if it does not say. */
  readonly clockOffMs: number | null;
  /** When the token of the stream begins. */
  readonly start: TokenStart;
}

/** Asks the token endpoint as a player does. `null` if there is no token; the findings then say why. */
export async function askToken(
  network: DoctorNetwork,
  target: StreamTarget & { readonly tokenUrl: string },
  session: Session,
  findings: Findings,
): Promise<AskedToken | null> {
  const { tokenUrl, stream, purpose } = target;
  const request = (about: TokenRequest): Promise<Visit> => {
    const init = tokenRequestInit(about, 'omit');
    return visit(network, {
      url: tokenUrl,
      method: 'POST',
      headers: {
        ...(init.headers as Record<string, string>),
        Accept: 'application/json,application/jwt,text/plain',
        ...session.headers,
      },
      body: typeof init.body === 'string' ? init.body : '',
      withCookies: target.credentials !== 'omit',
      maxBytes: MAX_BYTES,
    });
  };
  const answer = await request({
    purpose,
    streams: [stream],
    reason: 'initial',
  }).catch((error: unknown) => {
    if (!(error instanceof UnreachableError)) throw error;
    findings.fault(
      `The token endpoint does not respond. ${error.message}`,
      'Start it, or correct token-url.',
    );
    return null;
  });
  if (answer === null) return null;
  await checkTokenCors(network, target, answer, findings);
  if (!checkStatus(answer, session, findings)) return null;
  checkCaching(answer, findings);
  return readTokens(network, target, answer, request, findings);
}

function checkStatus({ status, headers }: Visit, session: Session, findings: Findings): boolean {
  if (status >= 200 && status < 300) return true;
  const what = `The token endpoint responds with HTTP ${String(status)}.`;
  if (status >= 300 && status < 400)
    findings.fault(
      `${what} A player does not follow it: a redirect of a POST usually becomes a GET, often of a sign-in page.`,
      'Set token-url to the address that responds, and answer callers without a session with 401.',
    );
  else if (status === 401 || status === 403)
    findings.fault(
      `${what} It refuses this caller.`,
      session.isWithheld
        ? 'The session was not sent: see the warning.'
        : Object.keys(session.headers).length > 0
          ? 'Check that the session is valid, and that it may use this stream.'
          : 'Give a session of a viewer with --header, --bearer-env or --cookie-env.',
    );
  else if (status === 404 || status === 405)
    findings.fault(
      `${what} ${status === 404 ? 'The server does not know the address.' : 'The address takes no POST.'}`,
      'Correct token-url.',
    );
  else if (status === 429)
    findings.fault(
      `${what} It limits requests${headers.has('Retry-After') ? '' : ', and Retry-After is missing'}.`,
      'Wait, or raise the limit for this address.',
    );
  else findings.fault(what, 'Read the log of the token backend at this time.');
  return false;
}

function checkCaching({ headers }: Visit, findings: Findings): void {
  const age = Number(headers.get('Age') ?? 0);
  if (age > 0)
    findings.fault(
      `The response is ${String(age)} s old: a cache has stored it, and viewers share their tokens.`,
      'Exclude the token endpoint from the cache, and set Cache-Control: no-store.',
    );
  else if (!/\bno-store\b/i.test(headers.get('Cache-Control') ?? ''))
    findings.warning(
      'The response has no Cache-Control: no-store.',
      'Set it. Otherwise a cache may give one viewer’s token to another viewer.',
    );
}

/** Reads the response with the code of the player. */
async function readTokens(
  network: DoctorNetwork,
  { stream, purpose }: StreamTarget,
  answer: Visit,
  renew: (about: TokenRequest) => Promise<Visit>,
  findings: Findings,
): Promise<AskedToken | null> {
  const text = textOf(answer);
  const clock = clockOfRun(network);
  let requests = 0;
  const source = customSource(
    async (about) => {
      requests += 1;
      if (requests > MOST_RENEWALS) throw new RangeError('The token was renewed too often.');
      const next = requests === 1 ? answer : await renew(about);
      return new Response(textOf(next), { status: next.status, headers: typeOf(next) });
    },
    { clock, timeoutMs: network.timeoutMs },
  );
  const tokens = new TokenManager({ source, purpose, clock });
  try {
    const { expiresAtMs, value } = await tokens.get(stream, { maxWaitMs: 2_000 });
    const start = startOf(typeof value === 'string' ? value : JSON.stringify(value));
    const clockOffMs = clockOf(answer, text, network.now());
    if (!checkStart(start, network.now(), clockOffMs, findings)) checkClock(clockOffMs, findings);
    const lifeMs = expiresAtMs === null ? null : expiresAtMs - network.now() - (clockOffMs ?? 0);
    if (lifeMs !== null && lifeMs < 10_000)
      findings.warning(
        `The token ends in ${(lifeMs / 1000).toFixed(0)} s.`,
        'Issue tokens for 60 to 300 s: with a shorter life, each viewer asks many times a minute.',
      );
    else
      findings.ok(
        lifeMs === null
          ? 'gives a token without an end'
          : `gives a token for ${(lifeMs / 1000).toFixed(0)} s`,
      );
    return { tokens, visit: answer, clockOffMs, start };
  } catch (error) {
    if (!(error instanceof GatecastError)) throw error;
    const isEarly = error.code === 'token-not-yet-valid' || error.code === 'token-timeout';
    const nowMs = network.now();
    const late =
      isEarly &&
      describeLateStart(startOf(text.replace(NOT_PLAYED, '')), nowMs + (clockOf(answer, text, nowMs) ?? 0));
    if (late) findings.fault(`${late.what} (${error.code})`, late.change);
    else
      findings.fault(
        `The player cannot use the token response: ${error.code}. ${withShownName(error.message, stream)}`,
        error.hint ? withShownName(error.hint, stream) : 'See the page about error codes.',
      );
    return null;
  }
}

function typeOf({ headers }: Visit): Record<string, string> {
  const type = headers.get('Content-Type');
  return type === null ? {} : { 'Content-Type': type };
}

function clockOf({ clockOffMs }: Visit, text: string, nowMs: number): number | null {
  const [, seconds] = /"serverTime"\s*:\s*(\d{9,11})(?:\.\d+)?\s*[,}]/.exec(text) ?? [];
  return seconds === undefined ? clockOffMs : Number(seconds) * 1000 - nowMs;
}

function checkClock(offMs: number | null, findings: Findings): void {
  if (offMs === null || Math.abs(offMs) <= CLOCK_TOLERANCE_MS) return;
  findings.warning(
    `The clock of the token backend is ${describeOff(offMs)} that of this machine.`,
    'Keep the servers on NTP. If this machine is wrong, set its clock.',
  );
}

export function describeOff(offMs: number): string {
  return `${(Math.abs(offMs) / 1000).toFixed(0)} s ${offMs > 0 ? 'ahead of' : 'behind'}`;
}

/** The code of a refusal, if the origin names one. */
export function problemCode(answer: Visit): string {
  try {
    const body: unknown = JSON.parse(textOf(answer));
    const code = typeof body === 'object' && body !== null && 'code' in body ? shortName(body.code) : null;
    return code === null ? '' : ` (${shownName(code)})`;
  } catch {
    return '';
  }
}
