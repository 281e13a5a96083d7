import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import { defineComponent, h } from 'vue';
import { Announcer } from './announce.js';
import { LiveExample } from './live-example.js';
import { markMainPart } from './mark-main-part.js';
import { markScrollers } from './mark-scrollers.js';
import './theme.css';

/** Another program serves the demo: a plain link, since the theme would take its address for a page of this site. */
const demoLink = () => h('a', { class: 'demo-link', href: '/' }, 'Demo');

export default {
  extends: DefaultTheme,
  Layout: defineComponent(() => {
    markMainPart();
    markScrollers();
    return () =>
      h(DefaultTheme.Layout, null, {
        'layout-top': () => h(Announcer),
        'nav-bar-content-after': demoLink,
        'nav-screen-content-after': demoLink,
      });
  }),
  enhanceApp({ app }) {
    app.component('LiveExample', LiveExample);
  },
} satisfies Theme;
