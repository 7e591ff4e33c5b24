import {extend, h, setAttribute, setText} from "./dom.js";
import {formatDuration} from "./format.js";

/** The device that runs the model. */
export interface DeviceStatus {
  /** Backend id ("webgpu", "wasm", "cpu"); null: none is open yet. */
  backend: string | null;
  /** Display name of adapter or processor ("Apple M4", "4 threads"). */
  adapter?: string;
  /** Precision of weights and arithmetic ("fp32", "fp16 weights"). */
  precision?: string;
  /** Milliseconds a cell, measured here; left out: not measured yet. */
  msPerCell?: number;
  /** True while the device is being opened and tried. */
  opening?: boolean;
}

/** A badge; `update` changes it in place. */
export type DeviceBadge = HTMLElement & {update(status: DeviceStatus): void};

const backendNames: Record<string, string> = {webgpu: "WebGPU", wasm: "CPU (wasm)", cpu: "CPU"};

/** One line that says where the model runs and how fast: "WebGPU · Apple M4 · fp32 · 12 ms a cell". */
export function deviceBadge(status: DeviceStatus): DeviceBadge {
  const badge = h("span", {class: "wb-badge"});
  const update = ({backend, adapter, precision, msPerCell, opening}: DeviceStatus): void => {
    setAttribute(badge, "data-backend", backend ?? "none");
    const name =
      backend === null ? (opening ? "Opening the model …" : "No device in use") : (backendNames[backend] ?? backend);
    const speed = msPerCell === undefined ? undefined : `${formatDuration(msPerCell)} a cell`;
    setText(
      badge,
      [name, adapter, precision, speed].filter((words) => words !== undefined && words !== "").join(" · ")
    );
  };
  update(status);
  return extend(badge, {update});
}
