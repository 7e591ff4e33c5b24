import {UMAP} from "umap-js";
import {umapJsEngine} from "../adapters/umap-js.js";
import {engineBySize} from "../core/space/engine-by-size.js";
import type {LayoutEngine} from "../core/space/layout.js";

/** The layout engine that Node uses. */
export const nodeLayout: LayoutEngine = engineBySize(umapJsEngine(UMAP));
