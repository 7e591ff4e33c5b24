import type {AnnData} from "../anndata/anndata.js";

/** A file that an engine has open. */
export interface OpenSource {
  anndata: AnnData;
  /** What `fileIdentity` says of it. */
  identity: string;
  bytes: number;
  /** Hash of all its bytes, where results outlive the run and the identity is of samples; null or left out where the identity says it all. */
  content?: string | null;
  /** True once the file is not as it was when it was opened; left out where files are held on to. */
  isLost?(): boolean;
  close(): void;
}
