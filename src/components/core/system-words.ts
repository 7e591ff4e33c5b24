/** What the codes of system calls mean to the person at the keyboard. */
const words: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the disk is read-only",
  ENOSPC: "no space left on the disk",
  EDQUOT: "your quota of the disk is used up",
  EFBIG: "larger than a file may be there",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  ELOOP: "its symbolic links lead in a circle",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  EIO: "the disk reports an error",
  EPIPE: "its reader has gone"
};

/** True if `error` was thrown by a system call in Node: it has a code such as "EACCES" and names the call. */
export function isSystemError(error: unknown): error is Error & {code: string; syscall: string; path?: string} {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
}

/** Why the system refused, in words and with its code: "permission denied (EACCES)". Other errors give their message. */
export function systemWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!("code" in error) || typeof error.code !== "string") return error.message;
  return words[error.code] === undefined ? `the system says ${error.code}` : `${words[error.code]} (${error.code})`;
}

/** True if `error` says that there is no room: a full disk, a quota that is used up. */
export function isNoRoom(error: unknown): boolean {
  return isSystemError(error) && ["ENOSPC", "EDQUOT", "EFBIG"].includes(error.code);
}
