import type {MeasuredVariants} from "../core/model/measured-variants.js";
import {variantLimits} from "../core/model/variant-limits.js";
import type {Precision} from "../core/types.js";
import {extend, h, send, uniqueId} from "./dom.js";
import {formatBytes, formatCount, formatNumber} from "./format.js";

/** What measuring variants showed; "close" tells that it was read. */
export type VariantsResult = HTMLElement;

const names: Record<Precision, string> = {fp32: "float32", fp16: "float16", int8: "8 bit", int4: "4 bit"};

/** Each variant with its size, its figures beside their limits, and the verdict in words. */
export function variantsResult(model: string, {origin, backend, variants, made}: MeasuredVariants): VariantsResult {
  const heading = uniqueId("measured");
  const end =
    made === null
      ? "No smaller variant is near enough to float32 on these cells. The model stays as it is."
      : "The smallest that is near enough is kept as a model of its own, and chosen. You can remove the float32 one under its name.";
  const figure = (value: number | null, words: string) => (value === null ? "–" : `${formatNumber(value)} (${words})`);
  const row = ({precision, bytes, relativeError, recall15, cells, fault}: MeasuredVariants["variants"][number]) => {
    const limits = variantLimits[precision];
    return h(
      "tr",
      {"data-precision": precision, "data-fit": fault === null},
      h("th", {scope: "row"}, names[precision]),
      h("td", {}, bytes === 0 ? "–" : formatBytes(bytes)),
      h("td", {}, figure(relativeError, `at most ${limits.relativeError}`)),
      h("td", {}, figure(recall15, `at least ${limits.recall15}`)),
      h("td", {}, formatCount(cells, "cell")),
      h("td", {}, fault === null ? "near enough" : `left out: ${fault}`)
    );
  };
  const head = ["stored as", "size", "relative error", "neighbors kept", "measured on", "verdict"];
  const root = h(
    "div",
    {class: "wb-model-consent", role: "group", "aria-labelledby": heading},
    h("h3", {id: heading, tabindex: -1}, `${model}: measured on ${origin}`),
    h(
      "div",
      {class: "wb-scroll", tabindex: 0, role: "region", "aria-labelledby": heading},
      h(
        "table",
        {class: "wb-model-variants"},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            head.map((word) => h("th", {scope: "col"}, word))
          )
        ),
        h("tbody", {}, variants.map(row))
      )
    ),
    h(
      "p",
      {},
      `${end} Compared with float32 on the same device (${backend === "webgpu" ? "WebGPU" : "the processor"}).`
    ),
    h(
      "div",
      {class: "wb-model-buttons"},
      h("button", {type: "button", class: "wb-button", onclick: () => send(root, "close")}, "Close")
    )
  );
  return extend(root, {});
}
