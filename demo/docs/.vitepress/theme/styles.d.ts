/** The site's bundler takes styles as imports. */
declare module '*.css';
