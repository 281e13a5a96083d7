import type { MarkdownRenderer } from 'vitepress';

type Token = ReturnType<MarkdownRenderer['parse']>[number];

/** From this length on, the text of a cell needs the whole width of a narrow screen. */
const wideText = 100;

/** Roles that a table loses in some browsers when its parts are laid out as blocks. */
const roles: Readonly<Record<string, string>> = {
  table_open: 'table',
  thead_open: 'rowgroup',
  tbody_open: 'rowgroup',
  tr_open: 'row',
  th_open: 'columnheader',
  td_open: 'cell',
};

function textOf({ children }: Token): string {
  return (children ?? []).map(({ content }) => content).join('');
}

/** Is a row better read as a card on a narrow screen? Where there are more columns, rows are compared, and the table scrolls. */
function isForCards(columns: number, texts: readonly string[]): boolean {
  return columns === 3 || (columns === 2 && texts.some(({ length }) => length >= wideText));
}

/** Marks a table whose rows become cards, and its cells with the text of their column's head. */
function shapeTable(table: readonly Token[]): void {
  const textsIn = (type: string) =>
    table.flatMap((token, at) => {
      const text = table[at + 1];
      return token.type === type && text ? [textOf(text)] : [];
    });
  const heads = textsIn('th_open');
  if (!isForCards(heads.length, textsIn('td_open'))) return;
  table[0]?.attrJoin('class', 'cards');
  let column = 0;
  for (const token of table) {
    const role = roles[token.type];
    if (role !== undefined) token.attrSet('role', role);
    if (token.type === 'tr_open') column = 0;
    if (token.type === 'td_open') token.attrSet('data-label', heads[column++] ?? '');
  }
}

/** Puts each table of a page into a box of its own, which scrolls when the table is wider than the page. */
export function shapeTables(md: MarkdownRenderer): void {
  md.core.ruler.push('shape_tables', ({ tokens }) => {
    const ends = tokens.flatMap(({ type }, at) => (type === 'table_close' ? [at] : []));
    const starts = tokens.flatMap(({ type }, at) => (type === 'table_open' ? [at] : []));
    starts.forEach((start, table) => shapeTable(tokens.slice(start, ends[table])));
  });
  md.renderer.rules['table_open'] = (tokens, at, options, _, self) =>
    `<div class="table">${self.renderToken(tokens, at, options)}`;
  md.renderer.rules['table_close'] = () => '</table></div>\n';
}
