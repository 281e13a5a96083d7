import { onContentUpdated } from 'vitepress';
import { onUnmounted } from 'vue';

const boxes = '.vp-doc .table';

/** The heading that an element is below. */
function headingOf(element: Element): string {
  const headings = [...document.querySelectorAll('.vp-doc :is(h1, h2, h3, h4)')];
  const above = headings.filter(
    (heading) => heading.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  return above.at(-1)?.firstChild?.textContent?.trim() ?? '';
}

function mark(box: Element): void {
  if (box.scrollWidth <= box.clientWidth) {
    for (const name of ['tabindex', 'role', 'aria-label']) box.removeAttribute(name);
    return;
  }
  box.setAttribute('tabindex', '0');
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', `Table: ${headingOf(box)}`);
}

/** A table that is wider than the page is scrolled with the keyboard, too. The keyboard passes over one that is not. */
export function markScrollers(): void {
  let sizes: ResizeObserver | undefined;
  onContentUpdated(() => {
    sizes?.disconnect();
    sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(target)));
    for (const box of document.querySelectorAll(boxes)) sizes.observe(box);
  });
  onUnmounted(() => sizes?.disconnect());
}
