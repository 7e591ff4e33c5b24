import {readFileSync, readdirSync} from "node:fs";

/** Field of /proc/PID/status. */
const status = (pid: string, field: string): string =>
  new RegExp(`^${field}:\\s+(.*)$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "";

/** Largest resident memory, in kB, that any renderer of a Chromium below this process had so far (Linux). */
export function peakOfTabs(): number {
  let most = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=renderer")) continue;
      let at = pid;
      while (at !== "0" && at !== String(process.pid)) at = status(at, "PPid");
      if (at !== "0") most = Math.max(most, parseInt(status(pid, "VmHWM")));
    } catch {
      // It has ended meanwhile.
    }
  }
  return most;
}
