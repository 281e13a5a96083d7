// Only a page with a token endpoint of its own needs it.
export { tokenEndpoint } from '@gatecast/token';
