import { advice, isRecord, jsonOf, type Answer, type Finding } from './finding.js';

/** Checks whether a refusal is a problem document. Players read its code, and work without it. */
export function checkProblem(what: string, answer: Answer): Finding[] {
  const isProblem = /^application\/problem\+json\b/i.test(answer.headers.get('Content-Type') ?? '');
  const body = jsonOf(answer);
  const hasCode = isRecord(body) && typeof body['code'] === 'string';
  return [
    advice(
      isProblem,
      `the refusal of ${what} is application/problem+json`,
      'Send a problem document as described in RFC 9457.',
    ),
    advice(hasCode, `the refusal of ${what} has a code`, 'Add the member "code".'),
  ];
}
