import {UMAP} from "umap-js";
import {umapJsEngine} from "../adapters/umap-js.js";
import type {LayoutEngine} from "../core/space/layout.js";

/** The layout engine that Node uses. */
export const nodeLayout: LayoutEngine = umapJsEngine(UMAP);
