import environments from 'globals';

/** What this repository does not do, each with the reason a reader needs when the linter stops them. */

/** Names that browsers put on `window`: a forgotten declaration then reads them instead of failing. */
const bareNames =
  'blur close closed event external find focus frames history length name open opener origin parent print scroll self status stop toolbar top';

const bareGlobals = bareNames.split(' ').map((name) => ({
  name,
  message: `A bare '${name}' is the window's own and hides a missing declaration: declare it, or write globalThis.${name}.`,
}));

const timerReason =
  'Timers go through the clock (Clock in @gatecast/token): slices against a wall-clock deadline survive sleep, setTimeout overflows after 24.8 days, and tests move time by hand.';

const timerNames = ['setTimeout', 'setInterval', 'setImmediate', 'requestIdleCallback'];

const timers = timerNames.map((name) => ({ name, message: timerReason }));

/** What only pages have: neither workers nor Node. */
const domNames = Object.keys(environments.browser).filter(
  (name) =>
    !(name in environments.serviceworker) &&
    !(name in environments.nodeBuiltin) &&
    !bareNames.split(' ').includes(name),
);

const dom = [...domNames, 'location', 'navigator'].map((name) => ({
  name,
  message: `@gatecast/server runs on Node, Bun, Deno and edge runtimes: there is no ${name}.`,
}));

/** `no-restricted-globals` entries by place. */
export const globals = { bareGlobals, timers, dom };

/** `no-restricted-properties` entries: the same timers reached by way of an object. */
export const timerProperties = ['window', 'globalThis', 'self'].flatMap((object) =>
  timerNames.map((property) => ({ object, property, message: timerReason })),
);

export const syntax = {
  defaultExport: [
    {
      selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
      message: 'Export by name: a default export is renamed at every import and no search finds it again.',
    },
  ],
  doubleAssertion: [
    {
      selector: 'TSAsExpression > TSAsExpression > TSUnknownKeyword',
      message: '`as unknown as` switches the compiler off: narrow the value with a type guard.',
    },
  ],
  signedUrl: [
    {
      selector:
        'CallExpression[callee.property.name=/^(set|append|delete|sort)$/]:matches([callee.object.property.name="searchParams"], [callee.object.name="searchParams"])',
      message:
        'URLSearchParams encodes the whole query again and so breaks signed URLs: extend the string (see placement.ts in @gatecast/token).',
    },
  ],
  markup: [
    {
      selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe)$/]',
      message: 'Markup from strings is an injection and is refused under Trusted Types: use a lit template.',
    },
    {
      selector: 'ImportDeclaration[source.value=/unsafe-(html|svg|mathml|static)/]',
      message: 'Markup from strings is an injection and is refused under Trusted Types: use a lit template.',
    },
  ],
};
