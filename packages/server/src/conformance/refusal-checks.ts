import { advice, type Answer, type Check, type Exchange, type Finding } from './finding.js';
import { preflight } from './preflight.js';
import { checkProblem } from './problem-checks.js';

const FOREIGN_ORIGIN = 'https://not-on-any-list.example';
const SENTINEL = 'conformance-sentinel-5f1c';

/** Checks of the responses to invalid requests. The elements send none of them, so all points are advice. */
export const refusalChecks: readonly Check[] = [
  checkBadBodies,
  checkMethods,
  checkLargeBody,
  checkForeignOrigin,
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
      advice(isClientError(answer), `${what} is refused with 4xx`, `The status is ${String(answer.status)}.`),
      ...checkProblem(what, answer),
      advice(
        !answer.text.includes(SENTINEL),
        `the refusal of ${what} does not quote the request`,
        'The response repeats part of the request.',
      ),
    );
  }
  return findings;
}

async function checkMethods(exchange: Exchange): Promise<Finding[]> {
  const get = await exchange.send({ method: 'GET' });
  const options = await exchange.send({ method: 'OPTIONS' });
  return [
    advice(
      get.status === 405 || get.status === 404,
      'GET is refused',
      `The status is ${String(get.status)}. A link must not return tokens.`,
    ),
    advice(
      get.status !== 405 || /\bPOST\b/.test(get.headers.get('Allow') ?? ''),
      'a 405 lists POST in Allow',
      'Set Allow: POST, OPTIONS.',
    ),
    advice(
      options.status < 400,
      'OPTIONS is accepted',
      `The status is ${String(options.status)}. Browsers send OPTIONS before a POST from another origin.`,
    ),
  ];
}

async function checkLargeBody(exchange: Exchange): Promise<Finding[]> {
  const streams = ['a'.repeat(2 ** 20)];
  const answer = await exchange.post({ purpose: exchange.purpose, streams });
  return [
    advice(
      isClientError(answer),
      'a body of 1 MiB is refused with 4xx',
      `The status is ${String(answer.status)}. Limit the size of the body.`,
    ),
  ];
}

async function checkForeignOrigin(exchange: Exchange): Promise<Finding[]> {
  const foreign = await preflight(exchange, FOREIGN_ORIGIN);
  const openTo = foreign.headers.get('Access-Control-Allow-Origin');
  return [
    advice(
      openTo === null,
      'CORS refuses an origin that is not listed',
      `The response has Access-Control-Allow-Origin: ${openTo === '*' ? '*' : 'the origin of the request'}.`,
    ),
  ];
}

function isClientError({ status }: Answer): boolean {
  return status >= 400 && status < 500;
}
