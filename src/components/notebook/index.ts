/**
 * The notebook: what pages and other projects import in a browser (docs/notebook.md). Making a stage computes nothing; asking for
 * its table does. `node.ts` beside this file has the same functions for Node.
 */
export type {Answer} from "../core/stages/answer.js";
export {cluster} from "../core/stages/cluster.js";
export {embed, load, normalize, sample, umap} from "../core/stages/stage.js";
export type {AnswerStatus, Counts, LoadOptions, OpenFile, Stage, Wish} from "../core/stages/stage.js";
export type {BackendChoice} from "../core/stages/chain.js";
export type {ChainStatus, StageStatus} from "../core/stages/status.js";
export {answerFacts} from "../core/tables/answer-facts.js";
export {placedCells} from "../core/tables/placed-cells.js";
export {ask, inspect, model, openFile} from "./browser.js";
export {benchPanel} from "./bench-panel.js";
export {benchTimes} from "./bench-times.js";
export {breakPanel} from "./break-panel.js";
export {callTimes} from "./call-times.js";
export {cellInput, chooseCell} from "./cell-input.js";
export {chainInput} from "./chain-input.js";
export {columnInput} from "./column-input.js";
export {current} from "./current.js";
export {carryAddress} from "./carry-address.js";
export {exportPanel} from "./export-panel.js";
export {fileInput} from "./file-input.js";
export {fill} from "./fill.js";
export {holdsCounts} from "./holds-counts.js";
export {loadInput} from "./load-input.js";
export {modelInput} from "./model-input.js";
export {recoveryPanel} from "./recovery-panel.js";
export {seedNoisePanel} from "./seed-noise-panel.js";
export {colorInput} from "./color-input.js";
export {compareComponents} from "./compare-components.js";
export {copyLink} from "./copy-link.js";
export {fillLive} from "./fill-live.js";
export {fillTables} from "./fill-tables.js";
export {genesOf} from "./gene-source.js";
export {linkCells} from "./link-cells.js";
export {linkSelection} from "./link-selection.js";
export {obsColumnInput} from "./obs-column-input.js";
export {previewOf} from "./preview-of.js";
export {selectionPanel} from "./selection-panel.js";
export {embedInput, sampleInput, umapInput} from "./stage-inputs.js";
export {stageStrip} from "./stage-strip.js";
export {storagePanel} from "./storage-panel.js";
export {batchesInput, labelsInput, originInput} from "./trust-inputs.js";
