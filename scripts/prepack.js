// npm pack calls this first: it fills lib/ with what other projects install. What it says goes to stderr, since npm's own answer is on stdout.
import {spawnSync} from "node:child_process";
import {ensureDependencies} from "./ensure.js";

ensureDependencies();
const {status} = spawnSync(process.execPath, ["--import", "tsx", "scripts/make-package.ts"], {stdio: ["ignore", 2, 2]});
process.exitCode = status ?? 1;
