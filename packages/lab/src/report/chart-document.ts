import { parseHTML } from 'linkedom';

/** A document to draw in; there is no browser here. */
export function chartDocument(): Document {
  return parseHTML('<!doctype html><html><body></body></html>').document;
}

/** Colours by what they mean. The page, or the picture itself, gives them their values in light and dark. */
export const COLOURS = {
  attempts: 'var(--lab-attempts)',
  succeeded: 'var(--lab-succeeded)',
  capacity: 'var(--lab-capacity)',
} as const;

/** The values; chosen to be told apart in both, by colour-blind readers, too (Okabe and Ito). */
export const COLOUR_CSS = `:root, svg { --lab-attempts: #d55e00; --lab-succeeded: #0072b2; --lab-capacity: #57606a; }
@media (prefers-color-scheme: dark) { :root, svg { --lab-attempts: #f0883e; --lab-succeeded: #58a6ff; --lab-capacity: #9da7b3; } }
@media print { :root, svg { --lab-attempts: #d55e00; --lab-succeeded: #0072b2; --lab-capacity: #57606a; } }`;

/** Makes a drawing readable as a file of its own, on light and dark pages. */
export function standalone(svg: string): string {
  const style = `<style>${COLOUR_CSS}
svg { color: #1f2328; } @media (prefers-color-scheme: dark) { svg { color: #e6edf3; } }</style>`;
  return `${svg.replace(/^<svg /, '<svg xmlns="http://www.w3.org/2000/svg" ').replace('>', `>${style}`)}\n`;
}
