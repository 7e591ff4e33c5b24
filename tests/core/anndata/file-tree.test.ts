import {describe, expect, test} from "vitest";
import {fileTree, treeSize, type FileNode} from "../../../src/components/core/anndata/file-tree.js";
import {fakeReader} from "./fake-reader.js";
import {logReads, openFixtureReader} from "./open.js";

const at = (root: FileNode, path: string): FileNode =>
  path
    .split("/")
    .filter((part) => part !== "")
    .reduce((node, part) => {
      const found = node.children.find(({name}) => name === part);
      if (found === undefined) throw new Error(`no ${part} in ${node.path}`);
      return found;
    }, root);

describe("the file as a tree", () => {
  test("describes groups and data with shape, type, filters and what AnnData says, and reads no values", async () => {
    const reader = logReads(await openFixtureReader("values-counts-in-raw"));
    const root = fileTree(reader);
    expect(reader.reads).toEqual([]);
    expect(root).toMatchObject({name: "/", kind: "group", omitted: 0});
    const matrix = at(root, "raw/X");
    expect(matrix.kind).toBe("group");
    expect(matrix.encoding).toMatch(/^cs[rc]_matrix$/);
    const data = at(root, "raw/X/data");
    expect(data).toMatchObject({kind: "dataset", path: "/raw/X/data"});
    expect(data.bytes).toBe((data.shape[0] * Number(/\d+$/.exec(data.dtype!)![0])) / 8);
    expect(treeSize(root)).toBeGreaterThan(10);
  });

  test("shows attributes as short text, without those that name the encoding", () => {
    const {attributes, encoding} = at(fileTree(fakeReader({nRows: 7, nCols: 5, perRow: 2})), "X");
    expect(encoding).toBe("csr_matrix");
    expect(attributes).toEqual([{name: "shape", value: "[7, 5]"}]);
  });

  test("stops at the limits, and counts what it leaves out", () => {
    const reader = fakeReader({nRows: 7, nCols: 5, perRow: 2});
    const shallow = fileTree(reader, {depth: 1});
    expect(at(shallow, "X")).toMatchObject({children: [], omitted: 3});
    const narrow = fileTree(reader, {children: 1});
    expect(narrow).toMatchObject({omitted: 2});
    expect(treeSize(fileTree(reader, {nodes: 5}))).toBeLessThanOrEqual(5);
  });

  test("tells of a part that cannot be described, and goes on", async () => {
    const reader = fakeReader({nRows: 7, nCols: 5, perRow: 2});
    const {node} = reader;
    const broken = {...reader, node: (path: string) => (path === "/X/data" ? null : node(path))};
    const root = fileTree(broken);
    expect(at(root, "X/data")).toMatchObject({kind: "unreadable", fault: "it is neither a group nor data"});
    expect(at(root, "X/indices").kind).toBe("dataset");
  });

  test("ends when it is no longer wanted", () => {
    const stop = new AbortController();
    stop.abort();
    expect(() => fileTree(fakeReader({nRows: 7, nCols: 5, perRow: 2}), {}, stop.signal)).toThrow(/abort/i);
  });
});
