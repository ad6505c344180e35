// Tables and lists of facts that change in place, so that a reader's focus stays.

import { element, setText } from "../Page/dom.js";

/** A list of terms: `show([[term, value, note]])`. */
export class Facts {
  #list;

  constructor(list = element("dl", { className: "facts" })) {
    this.#list = list;
    this.element = list;
  }

  show(facts) {
    while (this.#list.children.length > facts.length) this.#list.lastElementChild.remove();
    facts.forEach(([term, value, note = ""], place) => {
      const row = this.#list.children[place] ?? this.#add();
      const [name, text] = row.children;
      setText(name, term);
      setText(text.firstChild, String(value));
      setText(text.lastChild, note);
    });
  }

  #add() {
    const row = element("div", {}, element("dt"),
      element("dd", {}, element("span"), element("small")));
    this.#list.append(row);
    return row;
  }
}

/**
 * A table whose rows have keys. A column is `{title, of, isNumber, act}`: `of(row)` is the text of a
 * cell, and `act(row)` makes it a button.
 */
export class Table {
  #rows = new Map();
  #body = element("tbody");
  #empty;
  #columns;
  #head = element("tr");

  constructor(caption, columns, empty = "None.") {
    this.#columns = columns;
    for (const { title, isNumber } of columns) {
      const cell = element("th", { scope: "col", className: isNumber ? "number" : "" }, title);
      this.#head.append(cell);
    }
    this.table = element("table", {}, element("caption", { className: "hidden" }, caption),
      element("thead", {}, this.#head), this.#body);
    this.#empty = element("p", { className: "empty" }, empty);
    this.element = element("div", { className: "table" }, this.table, this.#empty);
    this.show([], () => "");
  }

  /** The cells of the head. */
  get heads() {
    return [...this.#head.children];
  }

  /** Shows these rows in this order. `keyOf(row)` tells them apart. */
  show(rows, keyOf) {
    this.table.hidden = rows.length === 0;
    this.#empty.hidden = rows.length > 0;
    const keys = new Set(rows.map(keyOf));
    for (const [key, { line }] of this.#rows) {
      if (keys.has(key)) continue;
      line.remove();
      this.#rows.delete(key);
    }
    rows.forEach((row, place) => {
      const key = keyOf(row);
      const entry = this.#rows.get(key) ?? this.#add(key);
      entry.row = row;
      this.#columns.forEach(({ of, act }, column) => {
        const [text, cell] = [String(of(row) ?? ""), entry.cells[column]];
        setText(cell, text);
        if (act) cell.hidden = !text; // A button needs a name.
      });
      const there = this.#body.children[place];
      if (there !== entry.line) this.#body.insertBefore(entry.line, there ?? null);
    });
  }

  #add(key) {
    const entry = { line: element("tr"), cells: [] };
    for (const { isNumber, act, className = "link" } of this.#columns) {
      const cell = element("td", { className: isNumber ? "number" : "" });
      const text = act ? element("button", { type: "button", className }) : cell;
      if (act) {
        text.addEventListener("click", () => act(entry.row, text));
        cell.append(text);
      }
      entry.cells.push(text);
      entry.line.append(cell);
    }
    this.#rows.set(key, entry);
    return entry;
  }
}
