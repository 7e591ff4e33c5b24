import {WorkbookError} from "../errors.js";
import {isArchiveName, type CheckpointSource} from "./checkpoint-source.js";
import type {HttpAnswer} from "../remote/http-request.js";
import {checkpointFaults} from "./checkpoint-faults.js";
import {openRemoteFile, readRemoteFile} from "../remote/remote-file.js";
import type {Remote} from "../remote/remote-file.js";

/** Most requests to a host that are under way at once. */
const mostRequests = 4;

/**
 * A checkpoint on a host. `address` is a `.torch` file, a folder that holds its files, or a repository in Hugging Face's layout, whose files lie
 * under resolve/REVISION/ (`revision`, by default "main"); a page of such a repository (/tree/REVISION) is understood. A file
 * is identified by what its host says: ETag, length, commit. Throws a WorkbookError of domain "usage" for an address that is
 * none, or that names another revision.
 */
export function remoteSource(address: string, remote: Omit<Remote, "faults">, revision?: string): CheckpointSource {
  const file = fileAt(address);
  if (file !== null) return fileSource(file, remote, revision);
  const bases = basesOf(address, revision);
  let found: URL | undefined = bases.length === 1 ? bases[0] : undefined;
  let commit = "";
  const limited: Remote = {...remote, faults: checkpointFaults, request: limitRequests(remote.request)};
  const learn = (answer: HttpAnswer) => (commit ||= answer.header("x-repo-commit") ?? "");

  async function read(path: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
    for (const base of found === undefined ? bases : [found]) {
      const result = await readRemoteFile(limited, new URL(path, base).href, signal);
      if (result === null) continue;
      found = base;
      learn(result.answer);
      return result.bytes;
    }
    return null;
  }

  return {
    name: nameOf(bases[0]),
    get address() {
      return (found ?? bases[0]).href;
    },
    list: async () => null,
    read,
    open: (path, signal) => openRemoteFile(limited, path, new URL(path, found ?? bases[0]).href, signal),
    revision: () => commit || (revision ?? "")
  };
}

/** The address of one file, where it is that of a file of torch.save, or of a download of figshare, whose files have numbers. */
function fileAt(text: string): URL | null {
  const address = parse(text);
  if (address.hostname === "huggingface.co")
    address.pathname = address.pathname.replace(/^(\/[^/]+\/[^/]+)\/blob\//, "$1/resolve/");
  const name = address.pathname.split("/").at(-1)!;
  return isArchiveName(name) || /\/ndownloader\/files\/\d+$/.test(address.pathname) ? address : null;
}

/** A checkpoint that is one file on a host, and nothing beside it. */
function fileSource(url: URL, remote: Omit<Remote, "faults">, revision = ""): CheckpointSource {
  const name = decodeURIComponent(url.pathname.split("/").at(-1)!);
  const limited: Remote = {...remote, faults: checkpointFaults, request: limitRequests(remote.request)};
  return {
    name: name.replace(/\.\w+$/, ""),
    address: url.href,
    list: async () => [isArchiveName(name) ? name : `${name}.torch`],
    read: async () => null,
    open: async (path, signal) => (isArchiveName(path) ? openRemoteFile(limited, path, url.href, signal) : null),
    revision: () => revision
  };
}

/** Folders in which to look for the files, the likelier first; addresses end in "/". */
function basesOf(text: string, revision: string | undefined): URL[] {
  const address = parse(text);
  const parts = /^(.*?\/)(?:resolve|tree|blob)\/([^/]+)(?:\/.*)?$/.exec(address.pathname);
  const root = new URL(address);
  root.search = root.hash = "";
  if (parts !== null) {
    const [, repository, named] = parts;
    if (revision !== undefined && revision !== named) {
      throw usage(
        `the address is of revision ${named}, and revision ${revision} is asked for`,
        "leave one of them out"
      );
    }
    root.pathname = address.pathname.includes("/resolve/")
      ? folder(address.pathname)
      : `${repository}resolve/${named}/`;
    return [root];
  }
  root.pathname = folder(address.pathname);
  const resolved = new URL(`resolve/${encodeURIComponent(revision ?? "main")}/`, root);
  if (revision !== undefined) return [resolved];
  return root.hostname === "huggingface.co" ? [resolved] : [root, resolved];
}

function folder(path: string): string {
  const plain = path.replace(/\/(config\.json|model\.safetensors)$/, "/");
  return plain.endsWith("/") ? plain : `${plain}/`;
}

function parse(text: string): URL {
  try {
    const address = new URL(text);
    if (address.username !== "" || address.password !== "") throw new TypeError("credentials");
    if (address.protocol === "https:" || address.protocol === "http:") return address;
  } catch {
    // Said below.
  }
  throw usage(
    `"${text}" is no http or https address of a checkpoint`,
    "give the address of a folder or repository, without user name"
  );
}

/** Last part of the path that is no revision; the host where there is none. */
function nameOf(base: URL): string {
  const path = base.pathname.replace(/resolve\/[^/]+\/$/, "");
  return decodeURIComponent(path.split("/").findLast((part) => part !== "") ?? base.host);
}

function limitRequests(request: Remote["request"]): Remote["request"] {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (address, headers, signal) => {
    while (running >= mostRequests) await new Promise<void>((resolve) => waiting.push(resolve));
    ++running;
    let open = true;
    const done = () => {
      if (!open) return;
      open = false;
      --running;
      waiting.shift()?.();
    };
    try {
      const answer = await request(address, headers, signal);
      return {
        ...answer,
        async *body() {
          try {
            yield* answer.body();
          } finally {
            done();
          }
        },
        cancel: () => answer.cancel().finally(done)
      };
    } catch (error) {
      done();
      throw error;
    }
  };
}

function usage(fault: string, remedy: string): WorkbookError {
  return new WorkbookError({domain: "usage", code: "bad-address", fault, remedy});
}
