import type {Table} from "apache-arrow";
import type {CompositionPart} from "../composition/composition.js";
import {dictionaryColumn, float64Column, int32Column, tableOf} from "./columns.js";
import {provenanceMetadata, type Provenance} from "./provenance.js";

/** A composition table: a row a group and value: group and value (dictionary-encoded Utf8), cells and of (Int32), share, low and high (Float64, 0 to 1). */
export function compositionTable(
  parts: readonly CompositionPart[],
  groups: readonly string[],
  values: readonly string[],
  provenance: Provenance
): Table {
  const whole = (of: (part: CompositionPart) => number) => Int32Array.from(parts, of);
  const real = (of: (part: CompositionPart) => number) => Float64Array.from(parts, of);
  return tableOf(
    [
      dictionaryColumn(
        "group",
        whole(({group}) => group),
        groups,
        0
      ),
      dictionaryColumn(
        "value",
        whole(({value}) => value),
        values,
        1
      ),
      int32Column(
        "cells",
        whole(({cells}) => cells)
      ),
      int32Column(
        "of",
        whole(({of}) => of)
      ),
      float64Column(
        "share",
        real(({share}) => share)
      ),
      float64Column(
        "low",
        real(({low}) => low)
      ),
      float64Column(
        "high",
        real(({high}) => high)
      )
    ],
    provenanceMetadata(provenance)
  );
}
