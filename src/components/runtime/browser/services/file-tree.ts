import {fileTree as describeTree, type FileNode} from "../../../core/anndata/file-tree.js";
import type {TaskOptions, WorkerContext} from "../worker-context.js";

/** The open file as a tree of groups and datasets, within `fileTree`'s limits. */
export async function fileTree(
  context: WorkerContext,
  _args: Record<string, never>,
  {signal}: TaskOptions
): Promise<FileNode> {
  return describeTree(context.file().anndata.reader, {}, signal);
}
