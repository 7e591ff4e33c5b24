import {openWebExpressionHead} from "../../adapters/onnxruntime-web.js";
import type {ExpressionHead} from "../../core/embed/expression-head.js";
import {bestPrecision} from "../../core/model/best-precision.js";
import type {Bundle} from "../../core/model/bundle.js";
import {loadOrt} from "./ort-runtime.js";

const heads = new WeakMap<Bundle, Promise<ExpressionHead>>();

/** A model's expression head in wasm, opened once and kept: it is small. A failure is forgotten, so that it can be tried again. */
export function openHead(model: Bundle): Promise<ExpressionHead> {
  const head = heads.get(model) ?? open(model);
  heads.set(model, head);
  head.catch(() => heads.delete(model));
  return head;
}

async function open(model: Bundle): Promise<ExpressionHead> {
  const {ort, threads} = await loadOrt("wasm");
  return openWebExpressionHead(model, {
    ort,
    name: `wasm, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    precision: bestPrecision(model, {prefer: "download"})
  });
}
