import * as v from 'valibot';
import { fromBase64, toBase64, utf8 } from '../bytes.js';

/** What a policy allows. Times are NumericDate seconds. */
export interface Policy {
  /** Address, in a custom policy with the wildcards `*` and `?`. */
  readonly resource: string;
  readonly dateLessThan: number;
  readonly dateGreaterThan?: number | undefined;
  /** IPv4 address or range, such as `192.0.2.0/24`. */
  readonly ipAddress?: string | undefined;
}

const time = v.object({ 'AWS:EpochTime': v.pipe(v.number(), v.integer()) });
const policySchema = v.object({
  Statement: v.strictTuple([
    v.object({
      Resource: v.string(),
      Condition: v.object({
        DateLessThan: time,
        DateGreaterThan: v.optional(time),
        IpAddress: v.optional(v.object({ 'AWS:SourceIp': v.string() })),
      }),
    }),
  ]),
});

/** Writes a policy as CloudFront requires it: JSON without spaces. A canned policy is one without the optional conditions. */
export function writePolicy({ resource, dateLessThan, dateGreaterThan, ipAddress }: Policy): string {
  const condition = {
    DateLessThan: { 'AWS:EpochTime': dateLessThan },
    ...(dateGreaterThan !== undefined && { DateGreaterThan: { 'AWS:EpochTime': dateGreaterThan } }),
    ...(ipAddress !== undefined && { IpAddress: { 'AWS:SourceIp': ipAddress } }),
  };
  return JSON.stringify({ Statement: [{ Resource: resource, Condition: condition }] });
}

/** Reads the JSON of a custom policy. `null` for another text: CloudFront accepts one statement, with an end. */
export function parsePolicy(json: string): Policy | null {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), policySchema), json);
  if (!result.success) return null;
  const [{ Resource: resource, Condition: condition }] = result.output.Statement;
  return {
    resource,
    dateLessThan: condition.DateLessThan['AWS:EpochTime'],
    dateGreaterThan: condition.DateGreaterThan?.['AWS:EpochTime'],
    ipAddress: condition.IpAddress?.['AWS:SourceIp'],
  };
}

/** CloudFront's base64: `-`, `_` and `~` instead of `+`, `=` and `/`. */
export function toCloudFrontBase64(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');
}

/** The bytes of CloudFront's base64; `null` for another text. */
export function fromCloudFrontBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w~-]+$/.test(text)) return null;
  return fromBase64(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'));
}

/** A policy as the value of `Policy` and `CloudFront-Policy`. */
export function encodePolicy(json: string): string {
  return toCloudFrontBase64(utf8(json));
}
