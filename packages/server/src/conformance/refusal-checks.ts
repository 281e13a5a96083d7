import { due, isRecord, jsonOf, type Answer, type Check, type Exchange, type Finding } from './finding.js';

const FOREIGN_ORIGIN = 'https://not-on-any-list.example';
const SENTINEL = 'conformance-sentinel-5f1c';

/** Checks of the answers to invalid requests. */
export const refusalChecks: readonly Check[] = [
  checkBadBodies,
  checkMethods,
  checkSignedOut,
  checkLargeBody,
  checkCors,
];

async function checkBadBodies(exchange: Exchange): Promise<Finding[]> {
  const bodies: [string, unknown][] = [
    ['broken JSON', `{"purpose":"${SENTINEL}`],
    ['an unknown purpose', { purpose: SENTINEL, streams: exchange.streams }],
    ['a body without streams', { purpose: exchange.purpose }],
  ];
  const findings: Finding[] = [];
  for (const [what, body] of bodies) {
    const answer = await exchange.post(body);
    findings.push(
      due(isClientError(answer), `${what} is refused with 4xx`, `The status is ${String(answer.status)}.`),
      ...checkProblem(what, answer),
      due(
        !answer.text.includes(SENTINEL),
        `the refusal of ${what} does not quote the request`,
        'The response repeats part of the request.',
        'advice',
      ),
    );
  }
  return findings;
}

function checkProblem(what: string, answer: Answer): Finding[] {
  const isProblem = /^application\/problem\+json\b/i.test(answer.headers.get('Content-Type') ?? '');
  const body = jsonOf(answer);
  const hasCode = isRecord(body) && typeof body['code'] === 'string';
  return [
    due(
      isProblem,
      `the refusal of ${what} is application/problem+json`,
      'Send a problem document as described in RFC 9457.',
    ),
    due(hasCode, `the refusal of ${what} has a code`, 'Add the member "code".'),
  ];
}

async function checkMethods(exchange: Exchange): Promise<Finding[]> {
  const get = await exchange.send({ method: 'GET' });
  const options = await exchange.send({ method: 'OPTIONS' });
  return [
    due(
      get.status === 405 || get.status === 404,
      'GET is refused',
      `The status is ${String(get.status)}. A link must not return tokens.`,
    ),
    due(
      get.status !== 405 || /\bPOST\b/.test(get.headers.get('Allow') ?? ''),
      'a 405 lists POST in Allow',
      'Set Allow: POST, OPTIONS.',
      'advice',
    ),
    due(
      options.status < 400,
      'OPTIONS is accepted',
      `The status is ${String(options.status)}. Browsers send OPTIONS before a POST from another origin.`,
    ),
  ];
}

async function checkSignedOut(exchange: Exchange): Promise<Finding[]> {
  const { purpose, streams, isSignedIn } = exchange;
  if (!isSignedIn) return [];
  const answer = await exchange.postSignedOut({ purpose, streams, reason: 'initial' });
  return [
    due(
      answer.status === 401 || answer.status === 403,
      'an unauthenticated request gets 401 or 403',
      `The status is ${String(answer.status)}.`,
    ),
    ...checkProblem('an unauthenticated request', answer),
  ];
}

async function checkLargeBody(exchange: Exchange): Promise<Finding[]> {
  const streams = ['a'.repeat(2 ** 20)];
  const answer = await exchange.post({ purpose: exchange.purpose, streams });
  return [
    due(
      isClientError(answer),
      'a body of 1 MiB is refused with 4xx',
      `The status is ${String(answer.status)}. Limit the size of the body.`,
    ),
  ];
}

async function checkCors(exchange: Exchange): Promise<Finding[]> {
  const { origin } = exchange;
  const allowed = origin === undefined ? undefined : await preflight(exchange, origin);
  const foreign = await preflight(exchange, FOREIGN_ORIGIN);
  const openTo = foreign.headers.get('Access-Control-Allow-Origin');
  return [
    ...(allowed
      ? [
          due(
            allowed.headers.get('Access-Control-Allow-Origin') === origin,
            'CORS allows the given origin',
            'Add it to the allowed CORS origins.',
          ),
          due(
            /content-type/i.test(allowed.headers.get('Access-Control-Allow-Headers') ?? ''),
            'CORS allows the header Content-Type',
            'Add Content-Type to Access-Control-Allow-Headers.',
          ),
        ]
      : []),
    due(
      openTo === null,
      'CORS refuses an origin that is not listed',
      `The response has Access-Control-Allow-Origin: ${openTo === '*' ? '*' : 'the origin of the request'}.`,
    ),
  ];
}

function preflight(exchange: Exchange, origin: string): Promise<Answer> {
  return exchange.send({
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    },
  });
}

function isClientError({ status }: Answer): boolean {
  return status >= 400 && status < 500;
}
