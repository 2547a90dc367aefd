"""The only script of a report: a click on a headline sorts its table."""

from __future__ import annotations

SCRIPT = """
for (const table of document.querySelectorAll("table.sort")) {
  const heads = [...table.querySelectorAll("tr.heads th")];
  heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
    const up = head.getAttribute("aria-sort") === "descending" ||
      (!head.hasAttribute("aria-sort") && !head.classList.contains("n"));
    heads.forEach(other => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const value = row => {
      const cell = row.cells[column];
      if (!cell) return NaN;
      return head.classList.contains("n") ? parseFloat(cell.dataset.value) : cell.textContent;
    };
    const body = table.tBodies[0];
    const rows = [...body.rows].map(row => [value(row), row]);
    rows.sort(([a], [b]) => {
      if (typeof a === "string") return (up ? 1 : -1) * a.localeCompare(b, "en", {numeric: true});
      if (isNaN(a) || isNaN(b)) return isNaN(a) - isNaN(b);
      return up ? a - b : b - a;
    });
    body.append(...rows.map(([, row]) => row));
  }));
}
"""
