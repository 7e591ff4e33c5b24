import {fileTree as describeTree, type FileNode} from "../anndata/file-tree.js";
import type {TaskOptions, QuestionContext} from "./context.js";

/** The file as a tree of groups and datasets, within `fileTree`'s limits. */
export async function fileTree(
  context: QuestionContext,
  _args: Record<string, never>,
  {signal}: TaskOptions
): Promise<FileNode> {
  return describeTree(context.anndata.reader, {}, signal);
}
