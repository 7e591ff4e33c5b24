import type {CellQuality} from "../cells/quality.js";
import type {TaskOptions} from "../questions/context.js";
import type {OpenSource} from "./open-source.js";

/** A file that is open, and what was measured of it, by how it is read. */
export interface Opened {
  source: OpenSource;
  quality: Map<string, Promise<CellQuality>>;
}

interface Held extends Opened {
  users: number;
  /** True once it gave way to another; whoever uses it last closes it. */
  isRetired: boolean;
}

/**
 * Files that an engine has open, by identity: `most` of them, the latest, and those that are in use. One that gives way while it is in use is closed when its last
 * user is done, so that no two who work with one file, or with many, close it for each other.
 */
export class OpenFiles<Source extends {identity?: string}> {
  readonly #held = new Map<string, Held>();

  constructor(
    private readonly open: (source: Source, options?: TaskOptions) => Promise<OpenSource>,
    private readonly most: number
  ) {}

  /** What `work` gives of an open file, which stays open until then. Rejects as `open` and `work` do. */
  async use<T>(source: Source, options: TaskOptions, work: (opened: Opened) => Promise<T>): Promise<T> {
    const held = await this.#hold(source, options);
    try {
      return await work(held);
    } finally {
      held.users -= 1;
      if (held.isRetired && held.users === 0) held.source.close();
    }
  }

  /** Lets a file go that is not as it was when it was opened. */
  dropLost(identity: string): void {
    const known = this.#held.get(identity);
    if (known?.source.isLost?.()) this.#retire(identity, known);
  }

  /** Closes every file: at once, or when its last user is done. */
  close(): void {
    for (const [identity, held] of [...this.#held]) this.#retire(identity, held);
  }

  /** The file, with one user more. */
  async #hold(source: Source, options: TaskOptions): Promise<Held> {
    const known = source.identity === undefined ? undefined : this.#held.get(source.identity);
    if (known !== undefined) return counted(known);
    const opened = await this.open(source, options);
    const {identity} = opened;
    const before = this.#held.get(identity);
    if (before !== undefined && (source.identity !== undefined || isSame(before.source, opened))) {
      // Two who asked at once: the second has no use for its own.
      opened.close();
      return counted(before);
    }
    if (before !== undefined) this.#retire(identity, before);
    const held = counted({source: opened, quality: new Map(), users: 0, isRetired: false});
    this.#held.set(identity, held);
    for (const [key, old] of [...this.#held].slice(0, -this.most)) this.#retire(key, old);
    return held;
  }

  #retire(identity: string, held: Held): void {
    this.#held.delete(identity);
    held.isRetired = true;
    if (held.users === 0) held.source.close();
  }
}

function counted(held: Held): Held {
  held.users += 1;
  return held;
}

/** True where an open file serves for one that was opened anew: of the same name and content, and not lost. */
function isSame(before: OpenSource, opened: OpenSource): boolean {
  const isLost = before.isLost?.() ?? false;
  return !isLost && before.anndata.name === opened.anndata.name && before.content === opened.content;
}
