/** Light and dark by the reader's choice, narrow enough to read, and fit for paper. */
export const REPORT_CSS = `
:root { color-scheme: light dark; --page: #f7f8fa; --card: #ffffff; --ink: #1d2633; --soft: #5b6778; --line: #e2e7ee; --accent: #2f62c9;
  --high: #c2331f; --medium: #b26a00; --low: #64748b; --name: #243b6b; --name-back: #edf2fc; }
@media (prefers-color-scheme: dark) { :root { --page: #12161d; --card: #1a2029; --ink: #e6eaf0; --soft: #9aa7b8; --line: #2b3441; --accent: #7ea6ff;
  --high: #ff8a75; --medium: #f0b45a; --low: #94a3b8; --name: #c5d6fb; --name-back: #232d3f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%; }
header, main { max-width: 58rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 3rem; }
.kicker { margin: 0; color: var(--accent); font-size: .8rem; font-weight: 600; letter-spacing: .08em; text-transform: uppercase; }
h1 { margin: .1rem 0 0; font-size: 2.1rem; line-height: 1.2; letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { margin: 0 0 1rem; font-size: 1.3rem; letter-spacing: -.01em; }
section { margin: 2.5rem 0; }
section#summary h2 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
section#summary { margin-top: 1rem; }
section#summary > p { font-size: 1.12rem; max-width: 52rem; }
p { margin: .4rem 0; }
q { quotes: none; }
q::before, q::after { content: none; }
q.column, q.value { color: var(--name); background: var(--name-back); border-radius: 4px; padding: .05em .35em; font-size: .94em; overflow-wrap: anywhere;
  -webkit-box-decoration-break: clone; box-decoration-break: clone; }
h1 q { font-weight: 700; }
data { font-weight: 600; white-space: nowrap; }
code { font: .85em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0 0; }
.tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .8rem 1rem; }
.tiles dt { color: var(--soft); font-size: .82rem; }
.tiles dd { margin: 0; font-size: 1.5rem; line-height: 1.3; }
.items { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem; }
.items li { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--accent); border-radius: 10px; padding: .75rem 1.1rem; break-inside: avoid; }
.items li.high { border-left-color: var(--high); } .items li.medium { border-left-color: var(--medium); } .items li.low { border-left-color: var(--line); }
.items .head { font-weight: 600; margin-top: 0; }
.items p:last-child { color: var(--soft); margin-bottom: 0; } .items p:last-child data { color: var(--ink); }
.badge { display: inline-block; font-size: .7rem; font-weight: 700; letter-spacing: .04em; text-transform: uppercase; margin-right: .35rem; color: var(--low); }
.high .badge { color: var(--high); } .medium .badge { color: var(--medium); }
figure { margin: 0 0 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1rem 1.1rem .9rem; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; max-width: 52rem; }
figure svg text { fill: var(--soft); } figure svg .role-title-text text, figure svg .role-title text { fill: var(--ink); }
figcaption { color: var(--soft); font-size: .9rem; margin-top: .4rem; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; }
th, td { padding: .5rem .75rem; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:last-child td { border-bottom: 0; }
th { color: var(--soft); font-weight: 600; font-size: .78rem; white-space: nowrap; }
td q.column, td q.value { overflow-wrap: break-word; } td:first-child { min-width: 8rem; } td:last-child { min-width: 11rem; }
section#columns .scroll { width: max-content; min-width: 100%; max-width: min(74rem, 100vw - 2.5rem); margin-left: 50%; transform: translateX(-50%); }
td.number, th.number { text-align: right; } td data { font-weight: 400; }
section#method p { color: var(--soft); font-size: .92rem; max-width: 48rem; }
@media print { :root { --page: #fff; --card: #fff; } body { font-size: 11pt; } header { padding-top: 0; } section { margin: 1.4rem 0; } h2 { break-after: avoid; } tr { break-inside: avoid; } .scroll { overflow: visible; } section#columns .scroll { width: auto; max-width: none; margin-left: 0; transform: none; } table { font-size: 8pt; } th, td { padding: .25rem .35rem; } }
`;
