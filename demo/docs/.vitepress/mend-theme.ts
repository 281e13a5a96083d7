interface Change {
  readonly from: string;
  readonly to: string;
}

/** What keyboards and screen readers miss in VitePress 1.6, by the file of the theme or of what copies code. */
const changes: Readonly<Record<string, readonly Change[]>> = {
  // Tab stays in the open list of pages of narrow screens, and the focus goes back to its button.
  'Layout.vue': [
    {
      from: '<script setup lang="ts">\n',
      to: '<script setup lang="ts">\nimport { useMediaQuery } from \'@vueuse/core\'\n',
    },
    {
      from: 'watch(() => route.path, closeSidebar)\n',
      to: `watch(() => route.path, closeSidebar)
watch(useMediaQuery('(min-width: 960px)'), closeSidebar)
watch(
  isSidebarOpen,
  (isOpen) => {
    const behind = document.querySelectorAll('.VPSkipLink, .VPNav, .VPLocalNav, .VPContent, .VPFooter')
    for (const part of behind) part.inert = isOpen
    const focused = document.activeElement
    if (!isOpen && (focused === document.body || focused.closest('.VPSidebar')))
      document.querySelector('.VPLocalNav .menu')?.focus()
  },
  { flush: 'post' }
)
`,
    },
  ],
  // The dialog is a button there, and each option contains a link of another name: neither can contain the other.
  'VPLocalSearchBox.vue': [
    { from: 'role="button"\n', to: 'role="dialog"\n      aria-modal="true"\n' },
    { from: `:aria-owns="results?.length ? 'localsearch-list' : undefined"\n`, to: '' },
    { from: 'aria-expanded="true"\n      aria-haspopup="listbox"\n', to: '' },
    {
      from: 'aria-autocomplete="both"\n',
      to: 'role="combobox"\n            aria-autocomplete="list"\n            :aria-expanded="results.length > 0"\n',
    },
    {
      from: `:id="'localsearch-item-' + index"
            :aria-selected="selectedIndex === index ? 'true' : 'false'"
            role="option"`,
      to: 'role="none"',
    },
    {
      from: `:aria-label="[...p.titles, p.title].join(' > ')"`,
      to: `:id="'localsearch-item-' + index"
              :aria-selected="selectedIndex === index"
              role="option"
              tabindex="-1"`,
    },
    {
      from: '<div class="search-keyboard-shortcuts">',
      to: `<p class="visually-hidden" role="status">
          {{ enableNoResults && filterText ? 'Results: ' + results.length : '' }}
        </p>
        <div class="search-keyboard-shortcuts">`,
    },
    // The label has no text.
    { from: 'aria-labelledby="localsearch-label"', to: ':aria-label="buttonText"' },
    {
      from: `:aria-labelledby="results?.length ? 'localsearch-label' : undefined"`,
      to: ':aria-label="results?.length ? buttonText : undefined"',
    },
    { from: '<kbd :aria-label', to: '<kbd role="img" :aria-label' },
    // The page behind it cannot have the focus, which goes back to where it was.
    {
      from: 'onBeforeUnmount(() => {\n',
      to: `const opener = document.activeElement
const page = document.querySelector('#app')
onMounted(() => {
  page.inert = true
})
onBeforeUnmount(() => {
  page.inert = false
  opener?.focus?.()
`,
    },
  ],
  // Its box can have the focus in some browsers only.
  'VPSidebar.vue': [{ from: 'navEl.value?.focus()', to: "navEl.value?.querySelector('nav').focus()" }],
  // A heading that cannot be folded does nothing when it is pressed.
  'VPSidebarItem.vue': [
    { from: ':role="itemRole"', to: ':role="collapsible ? itemRole : undefined"' },
    { from: ':tabindex="item.items && 0"', to: ':tabindex="collapsible && item.items ? 0 : undefined"' },
  ],
  'VPLocalNav.vue': [
    {
      from: ':class="classes"\n',
      to: ':class="classes"\n    role="navigation"\n    aria-label="This page"\n',
    },
  ],
  'VPLocalNavOutlineDropdown.vue': [
    {
      from: ':class="{ open }" v-if',
      to: ':class="{ open }" :aria-expanded="open" v-if',
    },
    {
      from: "onKeyStroke('Escape', () => {\n",
      to: "onKeyStroke('Escape', () => {\n  if (open.value) main.value?.querySelector('button')?.focus()\n",
    },
  ],
  // A person at the keyboard stays at the button. A refused clipboard has the fallback, and only what was copied is announced.
  'copyCode.js': [
    { from: 'el.blur();', to: "if (!el.matches(':focus-visible')) el.blur();" },
    { from: 'return navigator.clipboard', to: 'return await navigator.clipboard' },
    {
      from: "el.classList.add('copied');",
      to: "el.classList.add('copied');\n                    el.dispatchEvent(new Event('code-copied', { bubbles: true }));",
    },
  ],
  // Escape closes the menu of narrow screens, as it closes the sidebar.
  'VPNavBarHamburger.vue': [
    {
      from: '<script lang="ts" setup>\n',
      to: `<script lang="ts" setup>
import { onKeyStroke } from '@vueuse/core'
import { ref } from 'vue'
const button = ref<HTMLButtonElement>()
onKeyStroke('Escape', () => {
  if (!props.active) return
  button.value?.focus()
  emit('click')
})
`,
    },
    { from: 'defineProps<', to: 'const props = defineProps<' },
    { from: 'defineEmits<', to: 'const emit = defineEmits<' },
    { from: '    type="button"\n', to: '    ref="button"\n    type="button"\n' },
  ],
};

/**
 * A plugin for Vite that mends VitePress and its theme.
 *
 * @throws Error while it builds, when a file no longer has what is to be changed.
 */
export function mendTheme() {
  return {
    name: 'mend-theme',
    enforce: 'pre' as const,
    transform(code: string, id: string): string | undefined {
      const file = /\/(?:theme-default|theme-default\/components|app\/composables)\/(\w+\.(?:vue|js))$/.exec(
        id,
      )?.[1];
      if (file === undefined) return undefined;
      return changes[file]?.reduce((text, { from, to }) => {
        if (!text.includes(from)) throw new Error(`${file} of VitePress does not contain: ${from}`);
        return text.replaceAll(from, () => to);
      }, code);
    },
  };
}
