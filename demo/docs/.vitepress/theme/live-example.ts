import { defineComponent, h, onMounted, ref } from 'vue';

type Reach = 'unknown' | 'here' | 'absent';

const scriptAddress = '/gatecast.js';

/** Loads the tags from the server of this page, if it is one that has them: the demo server has. */
async function loadTags(): Promise<Reach> {
  try {
    const { ok, headers } = await fetch(scriptAddress, { method: 'HEAD' });
    if (!ok || !headers.get('Content-Type')?.includes('javascript')) return 'absent';
    await import(/* @vite-ignore */ new URL(scriptAddress, location.href).href);
    return 'here';
  } catch {
    return 'absent';
  }
}

/** Vue would set some of them as properties, which have no empty text for "yes". */
function asAttributes(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`^${name}`, value]));
}

/** A tag at work in the middle of a page, or a word on where it would be, below a picture of it if the page has one. */
export const LiveExample = defineComponent({
  props: {
    tag: { type: String, default: 'secure-player' },
    /** Attributes of the tag. */
    with: { type: Object, required: true },
  },
  setup(props, { slots }) {
    const reach = ref<Reach>('unknown');
    onMounted(async () => {
      reach.value = await loadTags();
    });
    return () =>
      h('div', { class: 'live-example', 'data-reach': reach.value }, [
        reach.value === 'here'
          ? h(props.tag, asAttributes(props.with), slots['children']?.())
          : [
              slots['default'] && h('div', { class: 'picture' }, slots['default']()),
              (reach.value === 'absent' || !slots['default']) &&
                h('p', [
                  reach.value === 'unknown'
                    ? 'Looking for the demo server …'
                    : 'This example is live where the demo runs: ',
                  reach.value === 'absent' &&
                    h('span', [
                      h('code', 'npm start'),
                      ', then ',
                      h('code', 'http://localhost:5173/docs/'),
                      '.',
                    ]),
                ]),
            ],
      ]);
  },
});
