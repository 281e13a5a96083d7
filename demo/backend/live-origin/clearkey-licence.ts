import { Problem } from '@gatecast/server';
import * as v from 'valibot';
import type { ContentKey } from './common-encryption.js';

/** A request of the key system `org.w3.clearkey` (Encrypted Media Extensions, 9.1.3). */
const requestSchema = v.object({
  kids: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(16)),
  type: v.optional(v.picklist(['temporary', 'persistent-license']), 'temporary'),
});

/**
 * Answers a licence request with the key, as a JSON Web Key Set.
 *
 * @throws Problem `request-invalid`; `not-found` for another key.
 */
export function answerLicence(request: unknown, { id, key }: ContentKey): object {
  const result = v.safeParse(requestSchema, request);
  if (!result.success) throw new Problem('request-invalid', 'The body is not a ClearKey licence request.');
  const kid = Buffer.from(id).toString('base64url');
  if (!result.output.kids.includes(kid))
    throw new Problem('not-found', 'The stream has no key with this ID.');
  const k = Buffer.from(key).toString('base64url');
  return { keys: [{ kty: 'oct', kid, k }], type: result.output.type };
}
