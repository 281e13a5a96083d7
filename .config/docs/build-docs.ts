import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vitepress';
import { withLock } from './build-lock.js';
import { areDocsBuilt, builtDocsFolder, hashDocsSources, stampFile } from './docs-stamp.js';
import { docsFolder, generateReference } from './generate-reference.js';

/**
 * Builds the documentation, unless what is there was built from the same sources.
 *
 * @throws Error of VitePress, above all for a link that leads nowhere.
 */
export async function buildDocs(): Promise<{ folder: string; built: boolean }> {
  if (areDocsBuilt()) return { folder: builtDocsFolder, built: false };
  // Generated pages and VitePress's own files lie at one place for all.
  return withLock(`${builtDocsFolder}.lock`, async () => {
    // The process that held the lock may have built it.
    const isDue = !areDocsBuilt();
    if (isDue) await buildAnew();
    return { folder: builtDocsFolder, built: isDue };
  });
}

async function buildAnew(): Promise<void> {
  const stamp = hashDocsSources();
  const fresh = `${builtDocsFolder}-new`;
  const retired = `${builtDocsFolder}-old`;
  rmSync(fresh, { recursive: true, force: true });
  await generateReference();
  await build(docsFolder, { outDir: fresh });
  writeFileSync(join(fresh, stampFile), stamp);
  // A reader of the folder sees the old site or the new one, never half of each.
  rmSync(retired, { recursive: true, force: true });
  if (existsSync(builtDocsFolder)) renameSync(builtDocsFolder, retired);
  renameSync(fresh, builtDocsFolder);
  rmSync(retired, { recursive: true, force: true });
}
