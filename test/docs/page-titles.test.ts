import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import config from '../../demo/docs/.vitepress/config.js';

const docs = new URL('../../demo/docs/', import.meta.url);

interface Page {
  readonly path: string;
  readonly title: string;
  /** What stands below the title, up to the first empty line. */
  readonly opening: string;
}

const pages: readonly Page[] = ['quick-start', 'guide'].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, docs))
    .filter((file) => file.endsWith('.md'))
    .map((file) => {
      const text = readFileSync(new URL(`${folder}/${file}`, docs), 'utf8');
      const [, title = '', opening = ''] = /^# (.+)\n\n((?:.+\n)+)/m.exec(text) ?? [];
      return { path: `/${folder}/${file.replace(/(?:index)?\.md$/, '')}`, title, opening };
    }),
);

const failing = (isGood: (page: Page) => boolean): readonly string[] =>
  pages.filter((page) => !isGood(page)).map(({ path, title }) => `${path}: ${title}`);

describe('each page of the guide and of the quick start', () => {
  it('has a question as its title, short enough for one line of the navigation in two', () => {
    assert.ok(pages.length > 25, String(pages.length));
    assert.deepEqual(
      failing(({ title }) => /^(?:Does|How|What|Where|Which|Why) .{8,40}\?$/.test(title)),
      [],
    );
    assert.equal(new Set(pages.map(({ title }) => title)).size, pages.length);
  });

  it('begins with a sentence, not with a table, a list, code or a heading', () => {
    assert.deepEqual(
      failing(({ opening }) => /^[\p{Lu}`[(].*\./su.test(opening) && !/^(?:```|\[\w+\]:)/.test(opening)),
      [],
    );
  });

  it('is in the navigation, under its title', () => {
    const sidebar = config.themeConfig?.sidebar;
    assert.ok(Array.isArray(sidebar));
    const items = sidebar.flatMap(({ items = [] }) => items);
    assert.deepEqual(
      failing(({ path, title }) => items.some(({ link, text }) => link === path && text === title)),
      [],
    );
  });
});
