#include "leaderboard/board_page.h"

namespace fer {

const std::string_view kBoardStyle = R"(
body { max-width: 1800px; }
h2 small { color: var(--soft); font-weight: 400; font-size: .95rem;
  margin-left: 6px; }
.verdict { font-size: 1.05rem; margin: 0 0 14px; }
#controls { display: flex; flex-wrap: wrap; gap: 10px 22px; align-items: center;
  margin: 16px 0; padding: 12px 20px; background: var(--card);
  border: 1px solid var(--grid); border-radius: 12px; }
#controls[hidden] { display: none; }
#controls label { color: var(--soft); font-size: .9rem; }
#controls input, #controls select { font: inherit; color: var(--ink);
  accent-color: var(--accent); }
#controls [type="search"], #controls select { margin-left: 6px;
  padding: 5px 10px; background: var(--paper); border: 1px solid var(--faint);
  border-radius: 8px; }
#controls [type="search"] { width: 15em; max-width: 100%; }
#controls .tick { color: var(--ink); }
#controls output { color: var(--soft); font-size: .9rem; margin-left: auto; }
.sortable { width: auto; min-width: 100%; font-size: .9rem; }
.scroll { background: linear-gradient(to left, var(--card) 40%, transparent)
    right / 48px 100% no-repeat local,
  linear-gradient(to left, var(--fade), transparent)
    right / 16px 100% no-repeat scroll; }
.sortable th, .sortable td { padding: 9px 0 9px 14px; vertical-align: top; }
.sortable th:first-child { padding-left: 0; padding-right: 6px;
  position: sticky; left: 0; background: var(--card); }
.sortable thead th { vertical-align: bottom; white-space: nowrap; }
.sortable small { display: block; color: var(--soft); font-size: .82rem;
  line-height: 1.3; }
.sortable tr[hidden] { display: none; }
.sortable tbody tr:hover > * { background: var(--hover); }
:root { --hover: #f3f6f9; --fade: rgba(31, 35, 40, .22); }
@media (prefers-color-scheme: dark) {
  :root { --hover: #1c232c; --fade: rgba(0, 0, 0, .75); }
}
th button { all: unset; box-sizing: border-box; cursor: pointer;
  padding: 3px 0; border-radius: 4px; }
th button:hover { color: var(--accent); }
th button::after { content: "\2195"; opacity: .35; margin-left: 4px;
  font-size: .85em; }
[aria-sort="ascending"] button::after { content: "\2191"; opacity: 1; }
[aria-sort="descending"] button::after { content: "\2193"; opacity: 1; }
[aria-sort] button { color: var(--ink); }
:focus-visible, th button:focus-visible { outline: 2px solid var(--accent);
  outline-offset: 2px; }
.board tbody th { white-space: normal; min-width: 200px; font-weight: 400; }
.board tbody th .rank { float: left; width: 1.6em; color: var(--soft); }
.board tbody th .name { display: block; margin-left: 1.6em;
  overflow-wrap: anywhere; }
.board tbody th b { font-weight: 600; }
.board .badge { margin-top: 3px; font-size: .78rem; padding: 0 8px; }
.board td.words, .board thead th[data-kind="text"] { text-align: left; }
.origin { display: block; white-space: normal; min-width: 15em; max-width: 18em;
  font-size: .82rem; color: var(--soft); overflow-wrap: anywhere; }
.origin small { font-size: .78rem; opacity: .85; }
.nothing { color: var(--faint); }
.mark { display: inline-block; padding: 0 9px; border-radius: 999px;
  font-size: .82rem; font-weight: 600; border: 1px solid var(--good);
  color: var(--good); }
.mark.best { background: var(--good); color: var(--card); }
.interval { display: inline-block; fill: none; stroke: var(--soft);
  stroke-width: 1.6; }
.interval.best, .interval.tied { stroke: var(--good); }
.interval circle { fill: var(--soft); stroke: var(--card); stroke-width: 1; }
.interval.best circle, .interval.tied circle { fill: var(--good); }
.interval .lead { stroke: var(--faint); stroke-width: 1;
  stroke-dasharray: 2 2; }
.classes { width: auto; min-width: 0; }
.classes td { text-align: center; padding: 7px 14px;
  border: 2px solid var(--card); border-radius: 6px;
  background: rgba(var(--shade), calc(var(--share, 0) * .5)); }
.classes tbody tr:hover > td { background: rgba(var(--shade),
  calc(var(--share, 0) * .5)); }
.classes thead th { text-align: center; padding: 4px 14px; }
.classes th:first-child { text-align: left; padding-right: 16px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 20px;
  margin: 12px 0 0; max-width: 900px; }
dt { font-weight: 600; }
dd { margin: 0; color: var(--soft); }
@media (max-width: 640px) {
  body { padding: 0 12px 32px; }
  header { padding-top: 24px; }
  nav { position: static; }
  section { padding: 16px 14px; }
  h2 small { display: block; margin-left: 0; }
  #controls { padding: 12px 14px; }
  #controls output { margin-left: 0; }
  .sortable th, .sortable td { padding-left: 14px; }
  .board tbody th { min-width: 0; width: 150px; max-width: 150px; }
  .sortable th:first-child { border-right: 1px solid var(--grid); }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 10px; }
}
)";

}  // namespace fer
