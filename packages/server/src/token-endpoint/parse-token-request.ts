import {
  LONGEST_STREAM_NAME,
  refreshReasons,
  streamNameFault,
  tokenPurposes,
  type StreamNameFault,
  type TokenRequest,
} from '@gatecast/contract';
import * as v from 'valibot';
import { Problem } from '../http/problem.js';

const NAME_FAULTS: Record<StreamNameFault, string> = {
  empty: 'A name in "streams" is empty.',
  'too-long': `A name in "streams" is longer than ${String(LONGEST_STREAM_NAME)} characters.`,
  'control-character': 'A name in "streams" contains control characters.',
  'dot-segment': 'A name in "streams" contains the segment "." or "..".',
};

const streamName = v.pipe(
  v.string('"streams" must contain strings only.'),
  v.rawCheck(({ dataset, addIssue }) => {
    const fault = dataset.typed ? streamNameFault(dataset.value) : null;
    if (fault) addIssue({ message: NAME_FAULTS[fault] });
  }),
);

const tokenRequestSchema = v.object({
  purpose: v.picklist(tokenPurposes, `"purpose" must be ${listed(tokenPurposes)}.`),
  streams: v.pipe(
    v.array(streamName, '"streams" must be an array of stream names.'),
    v.minLength(1, '"streams" is empty.'),
    v.transform((streams) => [...new Set(streams)]),
  ),
  reason: v.optional(v.picklist(refreshReasons, `"reason" must be ${listed(refreshReasons)}.`), 'initial'),
});

/**
 * Checks the body of a token request. The default of `reason` is `initial`. Repeated streams are removed.
 *
 * @throws Problem `request-invalid`
 */
export function parseTokenRequest(body: unknown, maxStreams: number): TokenRequest {
  const result = v.safeParse(tokenRequestSchema, body);
  if (!result.success) {
    throw new Problem('request-invalid', firstMessage(result.issues), {
      hint: 'Send { "purpose": "playback", "streams": ["name"], "reason": "initial" }.',
    });
  }
  if (result.output.streams.length > maxStreams) {
    throw new Problem('request-invalid', `"streams" lists more than ${String(maxStreams)} names.`);
  }
  return result.output;
}

/** The default messages of valibot contain the input, so only our own messages are sent. */
function firstMessage(issues: readonly v.BaseIssue<unknown>[]): string {
  const message = issues[0]?.message ?? '';
  return message.startsWith('"') || message.startsWith('A name')
    ? message
    : 'The body is not a token request.';
}

/** `"a", "b" or "c"`. */
function listed(values: readonly string[]): string {
  const quoted = values.map((value) => `"${value}"`);
  return `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`;
}
