import type {CellSteps} from "../core/cells/cell-steps.js";
import {chromosomeName} from "../core/cells/chromosome-name.js";
import {tokenRows, type TokenRow} from "../core/cells/token-rows.js";
import {extend, h} from "./dom.js";
import {formatInteger, formatShareInColumn} from "./format.js";
import {pagedTable} from "./paged-table.js";

/** A sentence token by token; `show(place)` turns to a token and marks it; null empties it. */
export type TokenTable = HTMLElement & {update(steps: CellSteps | null): void; show(place: number | null): void};

/** The tokens of a cell's sentence in order, each with what it stands for. */
export function tokenTable(steps: CellSteps | null = null): TokenTable {
  let cell: CellSteps | null = null;
  const gene = ({gene: at}: TokenRow, text: (cell: CellSteps, at: number) => string): string =>
    at === null || cell === null ? "" : text(cell, at);
  const table = pagedTable<TokenRow>(
    [
      {name: "Place", number: true, cell: ({position}) => formatInteger(position)},
      {name: "Token", number: true, cell: ({token}) => h("code", {}, String(token))},
      {
        name: "Stands for",
        cell: (row) =>
          h(
            "span",
            {"data-kind": row.kind},
            row.kind === "gene"
              ? h(
                  "code",
                  {},
                  gene(row, ({symbols}, at) => symbols[at])
                )
              : named(row)
          )
      },
      {name: "Chromosome", cell: ({chromosome}) => (chromosome === null ? "" : chromosomeName(chromosome))},
      {name: "Start, base pairs", number: true, cell: (row) => gene(row, ({starts}, at) => formatInteger(starts[at]))},
      {
        name: "Probability",
        number: true,
        cell: (row) => gene(row, ({probabilities}, at) => formatShareInColumn(probabilities[at]))
      }
    ],
    {title: "Tokens of the sentence", size: 15, empty: "no sentence"}
  );
  const update = (next: CellSteps | null): void => {
    cell = next;
    table.update(next === null ? [] : tokenRows(next));
  };
  update(steps);
  return extend(h("div", {class: "wb-tokens"}, table), {update, show: (place: number | null) => table.show(place)});
}

function named({kind, chromosome}: TokenRow): string {
  if (kind === "start") return "start: the cell's own token (CLS)";
  const name = chromosomeName(chromosome!);
  const full = name.startsWith("scaffold") ? name : `chromosome ${name}`;
  return kind === "chromosome" ? full : `end of ${full}`;
}
