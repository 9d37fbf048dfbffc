#include "report/html.h"

namespace fer {

const std::string_view kPageStyle = R"(
:root {
  --paper: #f6f8fa; --card: #ffffff; --ink: #1f2328; --soft: #59636e;
  --grid: #d8dee4; --faint: #8c959f; --accent: #0b5fa5;
  --good: #00795a; --bad: #c2410c; --warn: #7a4d00; --warn-card: #fff4d6;
  --warn-line: #e3b341; --shade: 11, 95, 165;
  --series-0: #0072b2; --series-1: #d55e00; --series-2: #009e73;
  --series-3: #e69f00; --series-4: #56b4e9; --series-5: #cc79a7;
  --series-6: #7f6000; --series-7: #555555;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0d1117; --card: #161b22; --ink: #e6edf3; --soft: #9aa4af;
    --grid: #30363d; --faint: #6e7681; --accent: #6cb6ff;
    --good: #3fc79a; --bad: #ff8a5b; --warn: #f2cc60; --warn-card: #2b2410;
    --warn-line: #8a6d1a; --shade: 76, 160, 235;
    --series-0: #4da6e8; --series-1: #f0803c; --series-2: #2fc79a;
    --series-3: #f2b632; --series-4: #8fd0f5; --series-5: #e0a0c6;
    --series-6: #c9a227; --series-7: #b0b8c0;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body {
  margin: 0 auto; padding: 0 24px 48px; max-width: 1120px;
  background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue",
    "Noto Sans", "DejaVu Sans", sans-serif;
}
header { padding: 40px 0 8px; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 0 0 16px; font-size: 1.3rem; }
h3 { margin: 24px 0 8px; font-size: 1rem; }
h2 + h3, .columns > div > h3:first-child { margin-top: 0; }
p { margin: 8px 0; }
.kicker { color: var(--soft); font-size: .85rem; letter-spacing: .06em;
  text-transform: uppercase; margin: 0 0 4px; }
.verdict { font-size: 1.2rem; margin: 12px 0; }
.badge {
  display: inline-block; padding: 1px 10px; border-radius: 999px;
  font-size: .95rem; font-weight: 600; white-space: nowrap;
  color: var(--warn); background: var(--warn-card);
  border: 1px solid var(--warn-line);
}
.warning { color: var(--warn); background: var(--warn-card);
  border-left: 4px solid var(--warn-line); padding: 10px 14px;
  border-radius: 4px; }
.missing { color: var(--soft); border: 1px dashed var(--faint);
  padding: 10px 14px; border-radius: 8px; }
.note { color: var(--soft); font-size: .9rem; }
.cards { display: grid; gap: 12px; margin: 20px 0;
  grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); }
.card { background: var(--card); border: 1px solid var(--grid);
  border-radius: 10px; padding: 14px 16px; }
.card b { display: block; font-size: 1.5rem; line-height: 1.25;
  font-variant-numeric: tabular-nums; white-space: nowrap; }
.card span { color: var(--soft); font-size: .85rem; }
nav { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap;
  gap: 4px 18px; padding: 10px 0; margin-bottom: 8px;
  background: var(--paper); border-bottom: 1px solid var(--grid); }
nav a { color: var(--soft); text-decoration: none; font-size: .9rem; }
nav a:hover { color: var(--accent); text-decoration: underline; }
section { background: var(--card); border: 1px solid var(--grid);
  border-radius: 12px; padding: 24px; margin: 16px 0;
  scroll-margin-top: 56px; }
.columns { display: grid; gap: 8px 32px;
  grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); }
.columns > * { min-width: 0; }
.scroll { overflow-x: auto; }
.scroll + .scroll, .texts + .scroll { margin-top: 24px; }
table { border-collapse: collapse; width: 100%; font-size: .92rem;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: 6px;
  font-size: .9rem; }
th, td { padding: 6px 0 6px 16px; text-align: right; white-space: nowrap;
  border-bottom: 1px solid var(--grid); }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
thead th { color: var(--soft); font-weight: 600; }
tbody th { font-weight: 500; }
tbody tr:last-child > * { border-bottom: none; }
.texts td { text-align: left; white-space: normal; overflow-wrap: anywhere;
  width: 75%; }
.confusion td { text-align: center; min-width: 72px; padding: 8px;
  border: 2px solid var(--card); border-radius: 6px;
  background: rgba(var(--shade), calc(var(--share) * .55)); }
.confusion td b { display: block; font-size: 1.1rem; }
.confusion td span { color: var(--ink); font-size: .8rem; opacity: .8; }
.confusion thead th { text-align: center; padding-left: 0; }
.confusion thead th:first-child { text-align: left; }
.figures { display: grid; gap: 20px;
  grid-template-columns: repeat(auto-fit, minmax(min(460px, 100%), 1fr)); }
figure { margin: 0; min-width: 0; }
figure svg { display: block; width: 100%; height: auto; max-height: 460px; }
figure svg text { font-family: inherit; }
figcaption { color: var(--soft); font-size: .88rem; margin-top: 4px; }
.samples { display: grid; gap: 14px;
  grid-template-columns: repeat(auto-fill, minmax(116px, 1fr)); }
.sample { border: 3px solid; border-radius: 10px; overflow: hidden;
  font-size: .82rem; line-height: 1.35; }
.sample img { display: block; width: 100%; aspect-ratio: 1;
  image-rendering: pixelated; background: var(--grid); }
.sample figcaption { padding: 5px 8px; margin: 0; color: var(--ink);
  font-size: inherit; overflow-wrap: anywhere; }
.right { border-color: var(--good); }
.wrong { border-color: var(--bad); }
.right i { color: var(--good); }
.wrong i { color: var(--bad); }
i { font-style: normal; font-weight: 700; }
details { margin: 12px 0; }
summary { cursor: pointer; color: var(--accent); }
pre { margin: 8px 0; padding: 14px 16px; overflow-x: auto; font-size: .85rem;
  line-height: 1.45; background: var(--paper); border: 1px solid var(--grid);
  border-radius: 8px; }
code { font-size: .9em; }
footer { color: var(--soft); font-size: .85rem; margin-top: 24px; }
@media print { nav { display: none; } section { break-inside: avoid; } }
)";

}  // namespace fer
