import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppPage } from './app-page.js';

/** How often a player of the page has asked for its first token. */
const firstRequests = ({ tokenRequests }: AppPage): number =>
  tokenRequests.filter((reason) => reason === 'initial').length;

/** In one step, so that no development server reads a half-written file. */
function replaceFile(file: string, text: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-edit-'));
  writeFileSync(join(folder, 'edited'), text);
  renameSync(join(folder, 'edited'), file);
  rmSync(folder, { recursive: true });
}

/**
 * On a page of a development server that shows the player of a component: changes the component's file. The same player goes
 * on, or a new one starts once.
 *
 * @param replaces - the server replaces the component in the page. Otherwise it loads the page again.
 */
export async function assertReloads(app: AppPage, file: string, replaces: boolean): Promise<void> {
  const old = await app.picture();
  assert.equal(firstRequests(app), 1, 'token requests of the first start');
  // As an attribute, or a member of an object.
  const edited = readFileSync(file, 'utf8').replace(/\bcontrols\b(: true)?/, (found) =>
    found.includes(':') ? `title: 'edited', ${found}` : `title="edited" ${found}`,
  );
  replaceFile(file, edited);
  const player = await app.picture('secure-player[title=edited]');
  const isSame = replaces && (await app.page.evaluate(([one, two]) => one === two, [old, player]));
  assert.equal(firstRequests(app), isSame ? 1 : 2, 'token requests with the second start');
  assert.deepEqual(app.troubles, []);
}
