import {spawnSync} from "node:child_process";
import {readdirSync, readFileSync, readlinkSync} from "node:fs";

/** True where strace is installed and may look at another process. */
export const canTrace = spawnSync("strace", ["-e", "trace=none", "true"]).status === 0;

/** With these strace stops a program at the calls that it watches alone, where it can: the others take twice their time otherwise. */
export const quickly =
  spawnSync("strace", ["--seccomp-bpf", "-f", "-e", "trace=none", "true"]).status === 0 ? ["--seccomp-bpf"] : [];

/** True where the system lists each process's sockets under /proc (Linux). */
export const canList = processesOf(process.pid).length > 0;

/**
 * System calls in strace's output (`strace -f -e trace=network`) that make a network socket (IPv4, IPv6, netlink and all
 * but those within the machine), send to one, or ask the name service; empty for a program that reaches nobody. An
 * address of loopback is let through.
 */
export function outwardCalls(trace: string): string[] {
  return trace.split("\n").filter((line) => {
    if (/sin6?_addr=inet_(addr\("127\.|pton\(AF_INET6, "::1")/.test(line)) return false;
    return /\bsocket\(AF_(?!UNIX)|sa_family=AF_(?!UNIX)|nscd|systemd\/resolve/.test(line);
  });
}

/** Network sockets that process `pid` and its children hold now, as lines of /proc/net; those bound to loopback are left out. */
export function heldSockets(pid: number): string[] {
  return processesOf(pid).flatMap((process) => {
    const inodes = new Set(linksOf(process).flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.slice(1) ?? []));
    return ["tcp", "tcp6", "udp", "udp6", "raw", "raw6"].flatMap((kind) => {
      const lines = textOf(`/proc/${process}/net/${kind}`).split("\n").slice(1);
      return lines.filter((line) => {
        const [, local = "", remote = "", , , , , , , inode = ""] = line.trim().split(/\s+/);
        return inodes.has(inode) && !(isLoopback(local) && (isLoopback(remote) || /^0+:/.test(remote)));
      });
    });
  });
}

/** 127.x.x.x and ::1 as /proc/net writes them: four-byte words, the lowest byte first. */
function isLoopback(address: string): boolean {
  return /^[0-9A-F]{6}7F:/.test(address) || address.startsWith(`${"0".repeat(24)}01000000:`);
}

function processesOf(pid: number): number[] {
  const children = textOf(`/proc/${pid}/task/${pid}/children`).trim();
  const found = children === "" ? [] : children.split(" ").flatMap((child) => processesOf(Number(child)));
  return textOf(`/proc/${pid}/stat`) === "" ? found : [pid, ...found];
}

function linksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return "";
      }
    });
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
