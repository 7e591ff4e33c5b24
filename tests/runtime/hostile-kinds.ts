import {encodeSafetensors} from "../../src/components/core/convert/write-safetensors.js";
import type {SourceOptions} from "../../src/components/core/convert/convert-source.js";
import {WorkbookError} from "../../src/components/core/errors.js";
import type {BundleWorkspace} from "../../src/components/core/model/bundle.js";
import type {ModelGene} from "../../src/components/core/types.js";
import {memoryStore} from "../../src/components/core/store/object-store.js";
import type {ObjectStore} from "../../src/components/core/store/object-store.js";
import {fixtureConfig, fixtureTensors, reference} from "../core/convert/fixture.js";
import type {TestTensor} from "../core/convert/fixture.js";
import {answer} from "./checkpoint-server.js";
import type {Asked, Misbehavior} from "./checkpoint-server.js";

const bias = "uce.output_embedding_projector.0.bias";
const text = (value: unknown) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const tensors = await fixtureTensors();

/** One way in which a checkpoint, its host, its genes or the place for it can be bad. */
export interface Kind {
  name: string;
  /** Changes the checkpoint's tensors, files or both. */
  tensors?: (tensors: Map<string, TestTensor>) => void;
  files?: (files: Map<string, Uint8Array>) => void;
  /** Misbehaves from the request for weights on that `after` counts. */
  host?: Misbehavior;
  after?: number;
  options?: Partial<SourceOptions>;
  bundle?: Partial<BundleWorkspace>;
  code: string;
  says: RegExp;
}

const full = (domain: "storage" | "file") =>
  Promise.reject(
    new WorkbookError({domain, code: "storage-full", fault: "there is no room left", remedy: "free disk space"})
  );
const partial = ({response, bytes, range}: Asked, headers: Record<string, string | number>): void => {
  response.writeHead(206, {
    etag: '"one"',
    "content-range": `bytes ${range!.start}-${range!.end - 1}/${bytes!.byteLength}`,
    ...headers
  });
};

/** Checkpoints that are damaged, or another thing. */
export const checkpointKinds: Kind[] = [
  {
    name: "a file that was cut short",
    files: (files) => files.set("model.safetensors", files.get("model.safetensors")!.slice(0, -100)),
    code: "truncated",
    says: /model\.safetensors is cut short: it has \d+ bytes and needs \d+/
  },
  {
    name: "an LFS pointer in the place of the weights",
    files: (files) => files.set("model.safetensors", text("version https://git-lfs.github.com/spec/v1\noid sha256:70")),
    code: "not-safetensors",
    says: /is not a safetensors file .*git lfs pull/
  },
  {
    name: "a tensor of another shape",
    tensors: (t) => t.set(bias, {shape: [32], values: new Float32Array(32)}),
    code: "wrong-shape",
    says: /shape \[32\] where config\.json asks for \[64\] \(at uce\.output_embedding_projector\.0\.bias\)/
  },
  {
    name: "a tensor of whole numbers",
    files: (files) =>
      files.set(
        "model.safetensors",
        encodeSafetensors(
          Array.from(tensors, ([name, {shape, values}]) => ({
            name,
            type: name === bias ? ("I32" as const) : ("F32" as const),
            shape,
            bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
          }))
        )
      ),
    code: "wrong-type",
    says: /holds I32 where floating-point numbers are expected \(at uce\.output_embedding_projector\.0\.bias\)/
  },
  {
    name: "a tensor that is missing",
    tensors: (t) => t.delete(bias),
    code: "no-such-tensor",
    says: /has no tensor uce\.output_embedding_projector\.0\.bias/
  },
  {
    name: "a tensor too many",
    tensors: (t) => t.set("uce.output_embedding_projector.4.bias", t.get(bias)!),
    code: "unknown-tensors",
    says: /does not have: uce\.output_embedding_projector\.4\.bias/
  },
  {
    name: "a weight that is no number",
    tensors: (t) => t.set(bias, {shape: [64], values: new Float32Array(64).fill(NaN)}),
    code: "not-finite",
    says: /holds NaN in row 0, column 0 .*\(at uce\.output_embedding_projector\.0\.bias\)/
  },
  {
    name: "a web page in the place of config.json",
    files: (files) => files.set("config.json", text("<!doctype html>")),
    code: "not-json",
    says: /127\.0\.0\.1:\d+\/: config\.json is not JSON/
  },
  {
    name: "no config.json",
    files: (files) => files.delete("config.json"),
    code: "missing",
    says: /there is no config\.json/
  },
  {
    name: "no weights",
    files: (files) => files.delete("model.safetensors"),
    code: "missing",
    says: /there is neither model\.safetensors nor model\.safetensors\.index\.json/
  },
  {
    name: "the config.json of another checkpoint",
    files: (files) => files.set("config.json", text({...fixtureConfig, num_layers: 3})),
    code: "wrong-layers",
    says: /num_layers 3 but model\.safetensors holds 2 layers/
  },
  {
    name: "an index of shards that are not there",
    files: (files) => {
      files.delete("model.safetensors");
      files.set("model.safetensors.index.json", text({weight_map: {[bias]: "model-1.safetensors"}}));
    },
    code: "missing",
    says: /names the file model-1\.safetensors, which is not there/
  }
];

/** Where the host that sends elsewhere does so; a test sets it. */
export const elsewhere = {address: ""};

/** Hosts that lie, break or send elsewhere. */
export const hostKinds: Kind[] = [
  {
    name: "a host that ignores ranges",
    host: ({response, bytes}) => {
      answer(response, bytes, null);
      return true;
    },
    code: "no-ranges",
    says: /model\.safetensors: the host ignores ranges and would send the whole file/
  },
  {
    name: "a host that sends another range than asked",
    after: 14,
    host: (asked) => {
      partial(asked, {"content-range": `bytes 0-9/${asked.bytes!.byteLength}`});
      asked.response.end(asked.bytes!.slice(0, 10));
      return true;
    },
    code: "wrong-range",
    says: /was asked for bytes \d+ to \d+ and says it sends bytes 0-9/
  },
  {
    name: "a host that changes its mind about the length",
    after: 14,
    host: (asked) => {
      const {start, end} = asked.range!;
      partial(asked, {"content-range": `bytes ${start}-${end - 1}/999999`});
      asked.response.end(asked.bytes!.slice(start, end));
      return true;
    },
    code: "changed",
    says: /changed while it was read: its length was \d+ and is 999999/
  },
  {
    name: "a host that does not say how long the file is",
    host: (asked) => {
      partial(asked, {"content-range": `bytes 0-${asked.range!.end - 1}/*`});
      asked.response.end(asked.bytes!.slice(0, asked.range!.end));
      return true;
    },
    code: "wrong-range",
    says: /says it sends bytes 0-\d+\/\*/
  },
  {
    name: "a host that says it is longer than it is",
    after: 14,
    host: (asked) => {
      partial(asked, {});
      asked.response.end();
      return true;
    },
    code: "dropped",
    says: /the connection dropped at byte \d+, 3 times in a row/
  },
  {
    name: "a host that sends more than asked",
    after: 14,
    host: (asked) => {
      partial(asked, {});
      asked.response.end(asked.bytes!.slice(asked.range!.start, asked.range!.end + 100));
      return true;
    },
    code: "wrong-range",
    says: /the host sends more than the bytes \d+ to \d+/
  },
  {
    name: "a host that falls silent",
    after: 14,
    host: (asked) => {
      partial(asked, {"content-length": asked.range!.end - asked.range!.start});
      asked.response.flushHeaders();
      return true;
    },
    code: "dropped",
    says: /the connection dropped at byte \d+/
  },
  {
    name: "a file that is replaced while it is read",
    after: 14,
    host: ({response, bytes, range}) => {
      answer(response, bytes, range, {etag: '"two"'});
      return true;
    },
    code: "changed",
    says: /its ETag was "one" and is "two"/
  },
  {
    name: "a host that wants a sign-in",
    host: ({response}) => {
      response.writeHead(401).end();
      return true;
    },
    code: "refused",
    says: /does not give this to everybody \(it answered 401\)/
  },
  {
    name: "a host that is broken",
    after: 14,
    host: ({response}) => {
      response.writeHead(500).end();
      return true;
    },
    code: "busy",
    says: /the host answered 500, 3 times in a row/
  },
  {
    name: "an answer that is neither file nor fault",
    host: ({response}) => {
      response.writeHead(204).end();
      return true;
    },
    code: "unexpected-answer",
    says: /the host answered 204/
  },
  {
    name: "a redirect to another host",
    host: ({response}) => {
      response.writeHead(302, {location: `${elsewhere.address}model.safetensors`}).end();
      return true;
    },
    code: "redirected",
    says: /hands the file \/model\.safetensors over to another host, 127\.0\.0\.1:\d+: if you trust it, allow the host/
  },
  {
    name: "a redirect in a circle",
    host: ({response}) => {
      response.writeHead(302, {location: "/model.safetensors"}).end();
      return true;
    },
    code: "redirected",
    says: /is handed on more than 5 times/
  }
];

const speciesWith = (gene: ModelGene) => ({species: [{name: "made up", genes: [...reference.genes, gene]}]});
const fullStore: ObjectStore = {...memoryStore(), write: () => full("storage")};
/** Dictionaries of other checkpoints, and places without room. */
export const otherKinds: Kind[] = [
  {
    name: "a dictionary of another checkpoint, with tokens beyond the table",
    options: speciesWith({symbol: "FAR", token: 33255, chromosome: 1, start: 1}),
    code: "token-out-of-range",
    says: /token 33255 is not a row of the checkpoint's token table, which has 170 rows/
  },
  {
    name: "a dictionary of another checkpoint, with genes among the special tokens",
    options: speciesWith({symbol: "NEAR", token: 1, chromosome: 1, start: 1}),
    code: "token-taken",
    says: /gene NEAR has token 1, which is a special token/
  },
  {
    name: "a store without room for what is fetched",
    options: {unfinished: fullStore},
    code: "storage-full",
    says: /there is no room left: free disk space/
  },
  {
    name: "a disk without room for the bundle",
    bundle: {write: () => full("file")},
    code: "storage-full",
    says: /there is no room left/
  }
];
