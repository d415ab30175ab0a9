import { COLOUR_CSS } from './chart-document.ts';

/** The look of the report: light and dark by the reader's choice, and on paper without either's background. */
export const REPORT_CSS: string = `${COLOUR_CSS}
:root { color-scheme: light dark; --ink: #1f2328; --paper: #fff; --line: #d0d7de; --hot: #d55e00; --good: #1a7f37; --bad: #b35900; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --line: #30363d; --hot: #f0883e; --good: #3fb950; --bad: #f0883e; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; } h2 { margin-top: 3rem; } h3 { font-size: 1rem; font-weight: 600; }
a { color: inherit; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; margin: .5rem 0; }
th, td { padding: .25rem .5rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
th[scope=row], th[scope=rowgroup], th[scope=col]:first-child, .text th, td.text, .text td { text-align: left; } td.text, .text td { white-space: normal; vertical-align: top; }
th[scope=rowgroup] { vertical-align: top; } tr.first > * { border-top: 2px solid var(--line); }
.heat td { background: color-mix(in srgb, var(--hot) calc(var(--heat) * 60%), transparent); }
.better small { color: var(--good); } .worse small { color: var(--bad); } .no-difference { opacity: .7; }
svg { max-width: 100%; height: auto; color: var(--ink); }
.legend span::before { content: ''; display: inline-block; width: 1.2em; height: .25em; margin: 0 .4em .2em 0; background: currentColor; }
.legend span { margin-right: 1.5em; } .attempts { color: var(--lab-attempts); } .succeeded { color: var(--lab-succeeded); } .capacity { color: var(--lab-capacity); }
@media print { :root { --ink: #000; --paper: #fff; --line: #bbb; } body { max-width: none; margin: 0; font-size: 11px; } .scenario { break-inside: avoid; } .scroll { overflow: visible; } h2, h3 { break-after: avoid; } table { font-size: 9px; } tr, .heat { break-inside: avoid; } th, td { padding: .1rem .3rem; } .heat td { print-color-adjust: exact; } }
`;
