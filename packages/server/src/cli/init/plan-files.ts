import { randomBytes } from 'node:crypto';
import { CONFIG_FILE } from '../run-with.js';
import type { InitFramework } from './pages.js';
import type { InitScheme } from './schemes.js';

/** What `gatecast init` was told. */
export interface InitAnswers {
  readonly scheme: InitScheme;
  readonly framework: InitFramework;
  /** Origin of the media, such as `https://media.example.com`. */
  readonly origin: string;
  /** Address of the first playlist, with `{stream}`. */
  readonly src: string;
  readonly stream: string;
  /** Origin of the page. */
  readonly pageOrigin: string;
  /** Port of the token server. */
  readonly port: number;
  readonly values: Readonly<Record<string, string>>;
}

export interface PlannedFile {
  /** Path below the folder of the configuration, with slashes. */
  readonly path: string;
  readonly text: string;
  /** Only its owner may read it. */
  readonly isSecret: boolean;
}

export interface InitPlan {
  readonly config: Readonly<Record<string, unknown>>;
  readonly files: readonly PlannedFile[];
  /** Folder for signing keys, if the scheme needs them. */
  readonly keyDirectory: string | null;
}

export const SESSION_SECRET = 'secrets/session.secret';
export const SESSION_COOKIE = 'session';
export const KEY_DIRECTORY = 'keys';

/** Files that are written for each scheme and framework. */
export const commonFiles: readonly string[] = [CONFIG_FILE, SESSION_SECRET];

/** The issuer in the configuration. */
export function issuerOptions({
  scheme,
  origin,
  src,
  values,
}: Pick<InitAnswers, 'scheme' | 'origin' | 'src' | 'values'>): Readonly<Record<string, unknown>> {
  const { pathname } = new URL(src);
  const folder = decodeBraces(pathname.slice(0, pathname.lastIndexOf('/') + 1));
  return { type: scheme.type, ...values, ...scheme.options({ origin, playlist: src, folder }) };
}

/** Decides what `gatecast init` writes. Secrets are random. */
export function planFiles(answers: InitAnswers): InitPlan {
  const { scheme, framework, port, src, stream, pageOrigin } = answers;
  const keyDirectory = scheme.signsWithKeys ? KEY_DIRECTORY : null;
  const config = {
    listen: { port },
    ...(keyDirectory !== null && { keys: { directory: keyDirectory } }),
    issuers: {
      playback: issuerOptions(answers),
    },
    // Only callers with a token of the site get stream tokens, and only for this stream.
    authorization: {
      secret: { file: SESSION_SECRET },
      cookie: SESSION_COOKIE,
      playback: { list: [stream] },
    },
    cors: { origins: [pageOrigin], credentials: true },
  };
  const { secret } = scheme;
  const page = framework.page({
    src: src.replaceAll('{stream}', () => stream),
    stream,
    tokenUrl: `http://localhost:${String(port)}/api/tokens`,
  });
  return {
    config,
    keyDirectory,
    files: [
      { path: CONFIG_FILE, text: `${JSON.stringify(config, null, 2)}\n`, isSecret: false },
      { path: 'secrets/.gitignore', text: '*\n', isSecret: false },
      { path: SESSION_SECRET, text: `${randomBytes(48).toString('base64url')}\n`, isSecret: true },
      ...(secret?.make ? [{ path: secret.file, text: `${secret.make()}\n`, isSecret: true }] : []),
      ...(keyDirectory === null
        ? []
        : [{ path: `${keyDirectory}/.gitignore`, text: '*\n', isSecret: false }]),
      { path: framework.file, text: page, isSecret: false },
    ],
  };
}

function decodeBraces(path: string): string {
  return path.replaceAll('%7B', '{').replaceAll('%7D', '}');
}
