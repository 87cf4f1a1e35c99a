// The concordance can be searched and sorted. It only moves and hides rows that are there: no text becomes markup.
"use strict";
for (const section of document.querySelectorAll("section.concordance")) {
  const body = section.querySelector("tbody");
  if (!body) continue;
  const rows = [...body.rows];
  const words = rows.map((row) => row.textContent.toLowerCase());

  const label = document.createElement("label");
  label.textContent = section.dataset.search || "Search the concordance: ";
  const input = document.createElement("input");
  input.type = "search";
  label.append(input);
  const found = document.createElement("output");
  const tools = document.createElement("p");
  tools.className = "tools";
  tools.append(label, " ", found);
  section.querySelector("table").parentElement.before(tools);

  const filter = () => {
    const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, i) => {
      row.hidden = !wanted.every((word) => words[i].includes(word));
      shown += row.hidden ? 0 : 1;
    });
    found.textContent = `${shown} / ${rows.length}`;
  };
  input.addEventListener("input", filter);
  filter();

  const heads = [...section.querySelectorAll("thead th")];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[column].textContent;
      const order = rows.map((row, i) => [row, i]);
      order.sort(([a, i], [b, j]) => key(a).localeCompare(key(b), "en", { numeric: true }) || i - j);
      if (down) order.reverse();
      body.append(...order.map(([row]) => row));
    });
  });
}
