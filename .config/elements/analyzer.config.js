/**
 * Takes the default of a field from `@defaultValue` in its docstring, where the initial value does not say it: an empty string
 * that stands for another name, or a constant.
 */
const readDefaultValues = {
  name: 'read-default-values',
  analyzePhase({ ts, node, moduleDoc }) {
    if (!ts.isClassDeclaration(node)) return;
    const declaration = moduleDoc.declarations?.find(({ name }) => name === node.name?.text);
    for (const member of node.members) {
      const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === 'defaultValue');
      const text = tag && ts.getTextOfJSDocComment(tag.comment);
      const field = declaration?.members?.find(({ name }) => name === member.name?.getText());
      if (text && field) field.default = text;
    }
  },
};

// The analyzer must not write the path of this manifest, which is not published, into package.json.
export default {
  litelement: true,
  globs: ['src/**/*.ts'],
  packagejson: false,
  quiet: true,
  plugins: [readDefaultValues],
};
