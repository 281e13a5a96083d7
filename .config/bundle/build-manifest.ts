import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One output of Vite's build manifest. */
interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  /** Keys of the chunks that it imports statically. */
  readonly imports?: readonly string[];
}

export type BuildManifest = Readonly<Record<string, Chunk>>;

function isBuildManifest(value: unknown): value is BuildManifest {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every(
      (chunk: unknown) => typeof chunk === 'object' && chunk !== null && 'file' in chunk,
    )
  );
}

export function readBuildManifest(folder: string): BuildManifest {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  if (!isBuildManifest(manifest)) throw new TypeError('manifest.json is not what Vite writes.');
  return manifest;
}

/** The files that a browser fetches for the chunks of `keys`, static imports included, each once. */
export function staticFiles(manifest: BuildManifest, keys: readonly string[]): string[] {
  const seen = new Set<string>();
  const visit = (key: string): void => {
    const chunk = manifest[key];
    if (!chunk) throw new RangeError(`The build has no chunk '${key}'.`);
    if (seen.has(chunk.file)) return;
    seen.add(chunk.file);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  keys.forEach(visit);
  return [...seen];
}
