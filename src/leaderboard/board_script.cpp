#include "leaderboard/board_page.h"

namespace fer {

// Nothing here is needed to read the page: it sorts and filters what stands
// there.
const std::string_view kBoardScript = R"(
(() => {
  "use strict";
  const cellKey = (row, column) => row.cells[column].dataset.key;

  // Rows without a value stand last, whichever way the others go.
  function compare(a, b, numeric, sign) {
    if (a === "" || b === "") return (a === "") - (b === "");
    return sign * (numeric ? a - b : a.localeCompare(b, "en"));
  }

  function sortBy(head, direction) {
    const table = head.closest("table"), column = head.cellIndex;
    const numeric = head.dataset.kind === "number";
    const sign = direction === "ascending" ? 1 : -1;
    const rows = [...table.tBodies[0].rows];
    rows.sort((a, b) => compare(cellKey(a, column), cellKey(b, column),
                                numeric, sign));
    table.tBodies[0].append(...rows);
    for (const other of table.tHead.rows[0].cells)
      other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", direction);
  }

  function nextDirection(head) {
    const now = head.getAttribute("aria-sort");
    if (!now) return head.dataset.first;
    return now === "ascending" ? "descending" : "ascending";
  }

  for (const head of document.querySelectorAll(".sortable thead th")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sortBy(head, nextDirection(head)));
    head.append(button);
  }

  const form = document.getElementById("controls");
  if (!form) return;

  function fits(row, words) {
    const { clean, top } = form.elements;
    const text = row.dataset.words.toLowerCase();
    return words.every(word => text.includes(word)) &&
        !(clean.checked && "leaky" in row.dataset) &&
        !(top.checked && row.dataset.group === "behind");
  }

  function filter() {
    const words =
        form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const { protocol } = form.elements;
    let shown = 0, all = 0;
    for (const section of document.querySelectorAll("section[data-protocol]")) {
      let here = 0;
      const rows = section.querySelectorAll(".board tbody tr");
      for (const row of rows) {
        row.hidden = !fits(row, words);
        if (!row.hidden) ++here;
      }
      section.querySelector(".empty").hidden = here > 0;
      section.hidden = protocol.value !== "" &&
          section.dataset.protocol !== protocol.value;
      shown += section.hidden ? 0 : here;
      all += rows.length;
    }
    form.querySelector("output").textContent = `${shown} of ${all} rows`;
  }

  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", event => event.preventDefault());
  filter();
})();
)";

}  // namespace fer
