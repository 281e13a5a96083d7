import { examine, hideSentinels, hosts, type DoctorOptions } from './doctor-site.js';

export const PAGE = 'https://www.example.com';
export const WHIP = 'https://ingest.example.com/whip/studio';

export const CORS = {
  'Access-Control-Allow-Origin': PAGE,
  'Access-Control-Allow-Methods': 'POST, PATCH, DELETE',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-Match',
  'Access-Control-Expose-Headers': 'Location, Link, ETag',
};

export interface Ingest {
  readonly options?: () => Response;
  /** @defaultValue 405 */
  readonly get?: () => Response;
  readonly post?: (request: { token: string | null; url: string; cookie: string | null }) => Response;
  readonly end?: (request: { token: string | null; url: string; cookie: string | null }) => Response;
  /** Headers of the token response. */
  readonly given?: Record<string, string>;
  readonly more?: Partial<DoctorOptions>;
}

export const preflight = (headers: Record<string, string> = {}, status = 204) =>
  new Response(null, { status, headers: { ...CORS, 'Accept-Post': 'application/sdp', ...headers } });
export const status = (code: number, headers: Record<string, string> = {}) =>
  new Response(null, { status: code, headers: { ...CORS, ...headers } });

/** Findings about an ingest of another origin than the page. Without parts, it has no fault. */
export async function about({
  options = () => preflight(),
  get,
  post,
  end,
  given = {},
  more = {},
}: Ingest = {}) {
  const sent: { method: string; url: string; body: unknown; type: string | null; token: string | null }[] =
    [];
  const purposes: unknown[] = [];
  const findings = await examine({
    url: WHIP,
    tokenUrl: `${PAGE}/tokens`,
    pageOrigin: PAGE,
    fetch: hosts((url, { method = 'GET', headers, body }) => {
      if (url.endsWith('/tokens')) {
        purposes.push((JSON.parse(typeof body === 'string' ? body : '') as { purpose: unknown }).purpose);
        return Response.json(
          { token: 'sentinel-token' },
          { headers: { 'Cache-Control': 'no-store', ...given } },
        );
      }
      const its = new Headers(headers);
      const token = its.get('Authorization');
      const cookie = its.get('Cookie');
      sent.push({ method, url, body, type: its.get('Content-Type'), token });
      if (method === 'OPTIONS') return options();
      if (method === 'DELETE') return end ? end({ token, url, cookie }) : status(200);
      if (method !== 'POST') return get?.() ?? status(405);
      if (post) return post({ token, url, cookie });
      return token === 'Bearer sentinel-token' ? status(400) : status(401);
    }),
    ...more,
  });
  hideSentinels(findings);
  return { findings, sent, purposes };
}
