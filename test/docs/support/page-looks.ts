/** Lists the languages of the code blocks of the page. */
export function listShownLanguages(): string[] {
  return [...document.querySelectorAll('.vp-doc [class*="language-"]')].map(
    (block) => block.classList[0] ?? '',
  );
}

/**
 * Lists the kinds of text on the page, outside of code and the list of pages: the elements that have text of their own, each
 * by the tags and classes of itself and of those around it. What is of one kind has the same colours.
 */
export function listKindsOfText(): string[] {
  const kinds = [...document.querySelectorAll('#app :not(.VPSidebar *, pre *)')]
    .filter(({ childNodes }) =>
      [...childNodes].some(({ nodeType, nodeValue }) => nodeType === 3 && nodeValue?.trim()),
    )
    .map((element) => {
      const names: string[] = [];
      for (let at: Element | null = element; at; at = at.parentElement)
        // `_docs_guide_embed` names the page.
        names.push(
          [at.localName, ...[...at.classList].filter((name) => !name.startsWith('_docs_'))].join('.'),
        );
      return names.join(' < ');
    });
  return [...new Set(kinds)];
}

/** Lists what is wider than the page, and does not scroll in a box of its own. */
export function listWhatSticksOut(): string[] {
  const { scrollWidth, clientWidth } = document.documentElement;
  const cards = [...document.querySelectorAll('.table:has(> .cards)')];
  return [
    ...(scrollWidth > clientWidth ? [`the page is ${scrollWidth} px wide`] : []),
    ...(clientWidth < 640 ? cards : [])
      .filter((box) => box.scrollWidth > box.clientWidth)
      .map((box) => `a table of cards scrolls: ${box.textContent.slice(0, 60)}`),
  ];
}

/** Lists the bars at the top that have more than one line. */
export function listTallBars(): string[] {
  return [...document.querySelectorAll('.VPNavBar, .VPLocalNav')].flatMap((bar) => {
    const middles = [...bar.querySelectorAll('a, button')].flatMap((control) => {
      const { top, bottom, height } = control.getBoundingClientRect();
      return height > 0 ? [(top + bottom) / 2] : [];
    });
    const spread = middles.length > 0 ? Math.max(...middles) - Math.min(...middles) : 0;
    const { height } = bar.getBoundingClientRect();
    return spread > 8 || height > 66 ? [`${bar.className} is ${height} px high`] : [];
  });
}
