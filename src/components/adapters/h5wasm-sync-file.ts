import type {SyncFile} from "../core/away/sync-file.js";

/** What of the module's file system its types lack. */
interface ModuleFiles {
  ErrnoError: new (errno: number) => Error;
  createNode(parent: FileNode | null, name: string, mode: number, dev: number): FileNode;
  mkdir(path: string): void;
  rmdir(path: string): void;
  mount(type: unknown, options: object, path: string): void;
  unmount(path: string): void;
}

interface FileNode {
  id: number;
  mode: number;
  node_ops: object;
  stream_ops: object;
  contents: Record<string, FileNode>;
}

interface Stream {
  node: FileNode;
  position: number;
}

const [folderMode, fileMode] = [0o40777, 0o100666];
/** Numbers of errors as the module's C library has them. */
const errno = {badSeek: 28, noFile: 44, noRoom: 51, notPermitted: 63};

let mounts = 0;

/**
 * Lets h5wasm open `file` for reading and writing where it lies, with no copy in memory; `path` is what it is opened by. A write that fails is
 * errno 51 for HDF5 (no space), and `fault` tells what was thrown. Close what is open before `unmount`.
 */
export function mountSyncFile(
  module: {FS: unknown},
  file: SyncFile
): {path: string; fault(): unknown; unmount(): void} {
  const files = module.FS as unknown as ModuleFiles;
  let fault: unknown = null;
  const type = {mount: () => folderOf(files, file, (error) => (fault = error))};
  const folder = `/written-${++mounts}`;
  files.mkdir(folder);
  files.mount(type, {}, folder);
  return {
    path: `${folder}/file.h5ad`,
    fault: () => fault,
    unmount() {
      files.unmount(folder);
      files.rmdir(folder);
    }
  };
}

/** The root of a file system of one file. */
function folderOf(files: ModuleFiles, file: SyncFile, told: (fault: unknown) => void): FileNode {
  const refuse = (code: number) => (): never => {
    throw new files.ErrnoError(code);
  };
  const seen = new Date();
  const node_ops = {
    getattr(node: FileNode) {
      const size = node.mode === fileMode ? file.size() : 4096;
      const {id: ino, mode} = node;
      const times = {atime: seen, mtime: seen, ctime: seen};
      return {
        dev: 1,
        ino,
        mode,
        nlink: 1,
        uid: 0,
        gid: 0,
        rdev: 0,
        size,
        ...times,
        blksize: 4096,
        blocks: Math.ceil(size / 4096)
      };
    },
    setattr(_: FileNode, {size}: {size?: number}) {
      if (size !== undefined) file.truncate(size);
    },
    lookup: refuse(errno.noFile),
    mknod: refuse(errno.notPermitted),
    rename: refuse(errno.notPermitted),
    unlink: refuse(errno.notPermitted),
    rmdir: refuse(errno.notPermitted),
    symlink: refuse(errno.notPermitted),
    readdir: ({contents}: FileNode) => [".", "..", ...Object.keys(contents)]
  };
  const stream_ops = {
    read: (_: Stream, buffer: Int8Array, offset: number, length: number, position: number) =>
      file.read(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length), position),
    write(_: Stream, buffer: Int8Array, offset: number, length: number, position: number) {
      try {
        file.write(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length), position);
        return length;
      } catch (error) {
        told(error);
        throw new files.ErrnoError(errno.noRoom);
      }
    },
    llseek({position}: Stream, offset: number, whence: number) {
      const to = offset + [0, position, file.size()][whence];
      if (to < 0) throw new files.ErrnoError(errno.badSeek);
      return to;
    }
  };
  const made = (parent: FileNode | null, name: string, mode: number): FileNode =>
    Object.assign(files.createNode(parent, name, mode, 0), {mode, node_ops, stream_ops, contents: {}});
  const root = made(null, "/", folderMode);
  root.contents["file.h5ad"] = made(root, "file.h5ad", fileMode);
  return root;
}
