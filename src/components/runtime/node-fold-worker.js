// Entry of a folding thread: threads do not inherit the loader that lets Node read TypeScript.
import {register} from "tsx/esm/api";

register();
await import("./node-fold-worker-thread.ts");
