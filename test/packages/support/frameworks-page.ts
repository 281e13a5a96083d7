import assert from 'node:assert/strict';
import { namedCodeBlocks } from '../../docs/support/code-blocks.js';

/** A named code block of the page about frameworks. */
export const frameworksPage = (name: string): string =>
  namedCodeBlocks('quick-start/frameworks.md').get(name) ?? assert.fail(`There is no ${name}.`);
