import type {OtherProject} from "./parity-table.js";

/**
 * What the seed project reached at its phases 2 to 6: README.md and plan.md of braingeneers/uce-edge, 2026, on four to a hundred
 * cells of human cortex. Its generator is not numpy's, so draws and what follows from them could not be compared one by one.
 */
export const seedPhases: OtherProject = {
  name: "seed project",
  phases: {
    2: "phase 2: cosine 1.000000 on made-up input; layers not compared",
    3: "phase 3: rows of 5,120 numbers copied, equal",
    4: "phase 4: tokens equal, given numpy's draws",
    5: "phase 5: another generator; histogram of draws r = 0.9975",
    6: "phase 6: cosine 0.89 to 0.97, mean 0.953"
  }
};
