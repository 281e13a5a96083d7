import * as v from 'valibot';
import { Problem } from '../http/problem.js';

/** Streams are names, not text: no control characters, which would forge log lines, and no lone surrogates. */
const STREAM_NAME = /^[^\p{Cc}\p{Cs}]+$/u;

const tokenRequestSchema = v.object({
  purpose: v.picklist(['playback', 'ingest'], '"purpose" is "playback" or "ingest".'),
  streams: v.pipe(
    v.array(
      v.pipe(
        v.string('"streams" lists names.'),
        v.minLength(1, 'A name in "streams" is empty.'),
        v.maxLength(256, 'A name in "streams" is longer than 256 characters.'),
        v.regex(STREAM_NAME, 'A name in "streams" holds control characters.'),
        // Names become parts of paths, and these two would lead out of their folder.
        v.check((name) => name !== '.' && name !== '..', 'A name in "streams" is "." or "..".'),
      ),
      '"streams" is a list of names.',
    ),
    v.minLength(1, '"streams" is empty.'),
    v.transform((streams) => [...new Set(streams)]),
  ),
  reason: v.optional(
    v.picklist(
      ['initial', 'scheduled', 'rejected', 'resume', 'manual'],
      '"reason" is "initial", "scheduled", "rejected", "resume" or "manual".',
    ),
    'initial',
  ),
});

/** Body of a token request, checked; each stream once. */
export type TokenRequest = v.InferOutput<typeof tokenRequestSchema>;

/** @throws Problem `request-invalid` */
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

/** valibot's own messages quote what was received, so only ours go out. */
function firstMessage(issues: readonly v.BaseIssue<unknown>[]): string {
  const message = issues[0]?.message ?? '';
  return message.startsWith('"') || message.startsWith('A name')
    ? message
    : 'The body is not a token request.';
}
