import type {ByteFile} from "../core/sources/byte-file.js";
import type {H5Reader} from "../core/anndata/h5-reader.js";

/** h5wasm's module, as far as it is used here. */
interface Module {
  FS: unknown;
}

/** What is used of Emscripten's file system, in Node's build of h5wasm as in that for browsers. */
interface FileSystem {
  open(path: string, flags: string | number, mode?: number): unknown;
  stat(path: string, dontFollow?: boolean): unknown;
  fstat(fd: number): unknown;
  createStream(stream: object): unknown;
  getStream(fd: number): {mounted?: ByteFile; inode?: number} | null;
  ErrnoError: new (errno: number) => Error;
}

interface OpenStream {
  position: number;
}

/** Folder that no disk has: what is opened below it are bytes that were mounted. */
const folder = "/uce-workbook-bytes";
/** "Input/output error" and "no such file or directory", as WASI numbers them. */
const [ioError, noEntry] = [29, 44];

const mounted = new WeakMap<FileSystem, Map<string, Mounted>>();
let mounts = 0;

interface Mounted {
  file: ByteFile;
  /** Takes what reading the bytes threw: HDF5's library is told of an error, and goes on. */
  onFault(fault: unknown): void;
}

/**
 * Opens what `open` opens at a path of h5wasm's file system at which `file`'s bytes stand, and hands on what reading them throws, in place of what
 * HDF5 makes of it. The bytes are given up when the reader is closed, or where it cannot be opened.
 */
export function openMounted(module: Module, file: ByteFile, open: (path: string) => H5Reader): H5Reader {
  let fault: unknown = null;
  const files = patched(module.FS as FileSystem);
  const path = `${folder}/${++mounts}.h5`;
  const orFault =
    <Arguments extends unknown[], Answer>(call: (...args: Arguments) => Answer) =>
    (...args: Arguments): Answer => {
      fault = null;
      try {
        const answer = call(...args);
        if (fault !== null) throw fault;
        return answer;
      } catch (error) {
        throw fault ?? error;
      }
    };
  const giveUp = () => {
    files.delete(path);
    file.close();
  };
  files.set(path, {file, onFault: (thrown) => (fault = thrown)});
  try {
    const reader = orFault(open)(path);
    return {
      ...reader,
      node: orFault(reader.node),
      attributes: orFault(reader.attributes),
      read: orFault(reader.read),
      close: () => {
        reader.close();
        giveUp();
      }
    };
  } catch (error) {
    giveUp();
    throw error;
  }
}

/** Makes a file system open mounted bytes, once; answers with what is mounted in it, by path. */
function patched(system: FileSystem): Map<string, Mounted> {
  const known = mounted.get(system);
  if (known !== undefined) return known;
  const files = new Map<string, Mounted>();
  mounted.set(system, files);
  const {open, stat, fstat} = system;
  system.open = (path, flags, mode) => {
    if (!path.startsWith(`${folder}/`)) return open(path, flags, mode);
    const found = files.get(path);
    if (found === undefined) throw new system.ErrnoError(noEntry);
    return system.createStream(streamOf(system, path, found));
  };
  system.stat = (path, dontFollow) => {
    const found = files.get(path);
    return found === undefined ? stat(path, dontFollow) : statOf(found.file, inodeOf(path));
  };
  system.fstat = (fd) => {
    const stream = system.getStream(fd);
    return stream?.mounted === undefined ? fstat(fd) : statOf(stream.mounted, stream.inode!);
  };
  return files;
}

function streamOf(system: FileSystem, path: string, {file, onFault}: Mounted): object {
  const inode = inodeOf(path);
  return {
    path,
    mounted: file,
    inode,
    flags: 0,
    position: 0,
    seekable: true,
    // Its number in Node's build; no file of the system is behind it.
    nfd: -1,
    node: {id: inode, mode: fileMode, size: file.byteLength, node_ops: {}, stream_ops: {}},
    stream_ops: {
      read(_: OpenStream, buffer: Uint8Array, offset: number, length: number, position: number): number {
        const end = Math.min(file.byteLength, position + length);
        if (position >= end) return 0;
        try {
          buffer.set(file.read(position, end), offset);
        } catch (fault) {
          onFault(fault);
          throw new system.ErrnoError(ioError);
        }
        return end - position;
      },
      llseek(stream: OpenStream, offset: number, whence: number): number {
        const from = whence === 1 ? stream.position : whence === 2 ? file.byteLength : 0;
        return (stream.position = from + offset);
      }
    }
  };
}

const inodeOf = (path: string): number => Number(path.slice(folder.length + 1, -".h5".length));

/** A regular file that may be read. */
const fileMode = 0o100444;

function statOf({byteLength}: ByteFile, inode: number): object {
  const never = new Date(0);
  return {
    dev: 1,
    ino: inode,
    mode: fileMode,
    nlink: 1,
    uid: 0,
    gid: 0,
    rdev: 0,
    size: byteLength,
    blksize: 4096,
    blocks: Math.ceil(byteLength / 4096),
    atime: never,
    mtime: never,
    ctime: never
  };
}
