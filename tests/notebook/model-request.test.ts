import {afterEach, describe, expect, it, vi} from "vitest";
import {publishedAt, publishedCheckpoints} from "../../src/components/core/model/published-checkpoints.js";
import {WorkbookError} from "../../src/components/core/errors.js";
import {modelRequest, orderOf, redirectedTo} from "../../src/components/notebook/model-request.js";

afterEach(() => vi.unstubAllGlobals());

const given = (path: string) => ({path, file: new File(["x"], path.split("/").at(-1)!)});

describe("what is asked before a model is fetched", () => {
  it("names the hosts and, of a published checkpoint, the bytes and the license as far as they are known", () => {
    const [pilot] = publishedCheckpoints;
    const {consent, from} = modelRequest({published: pilot});
    expect(consent.hosts).toEqual(["huggingface.co", expect.stringContaining("hf.co")]);
    expect(consent.what.join(" ")).toMatch(/about 526 MB; the header, which is read first, says it exactly/);
    // What it costs here, before anything is fetched: from a model that ran on this device, else from a product of matrices.
    vi.stubGlobal("navigator", {hardwareConcurrency: 2});
    const small = {layers: 4, width: 128, heads: 4, feedForward: 512, outputWidth: 128, tableRows: 19_698};
    const paced = modelRequest({published: pilot}, [], [{name: "the demo", ms: 100, shape: small}]).consent;
    expect(paced.what.join(" ")).toMatch(
      /about 142 MB of this browser's storage\. On this device: about 2\.\d s a cell, estimated from the time that the demo took/
    );
    // 142 MB of weights, 96 of a file of them, and 9.4 for the sentence of each of two threads.
    expect(paced.what.join(" ")).toMatch(/Memory: about 257 MB while it is opened/);
    expect(consent.what.join(" ")).toMatch(
      /a cell on the processor, estimated from one product of matrices timed here/
    );
    expect(consent.humanGenes).toBe(true);
    expect(from).toEqual({address: "https://huggingface.co/KuanP/uce-brain-pilot-8l-512d", hosts: []});
    const v3 = publishedCheckpoints.find(({name}) => name.endsWith("-v3"))!;
    const asked = modelRequest({published: v3}).consent;
    expect(asked.what.join(" ")).toContain("license not yet chosen");
    expect(asked.what.join(" ")).not.toContain("526");
    expect(asked.what.join(" ")).toContain("follows from its header, and is shown once that was read");
    expect(asked.humanGenes).toBe(false);
  });

  it("assumes nothing of a checkpoint beyond its facts, each of which has its source", () => {
    expect(publishedCheckpoints).toHaveLength(7);
    for (const {repository, facts} of publishedCheckpoints) {
      expect(repository).toMatch(/^(KuanP|minwoosun)\/[\w-]+$/);
      for (const {said, source} of facts) expect([said, source].every((text) => text.length > 0)).toBe(true);
    }
    expect(publishedAt("https://huggingface.co/KuanP/brain-uce-pilot-mix-v2/resolve/main/")?.facts).toEqual([]);
    expect(publishedAt("https://huggingface.co/KuanP/brain-uce-pilot-mix-v23")).toBeUndefined();
  });

  it("tells of the original UCE what it takes here, by its own layers and what follows them", () => {
    const [small, large] = publishedCheckpoints.filter(({repository}) => repository.startsWith("minwoosun/"));
    const wide = {layers: 4, width: 1280, heads: 20, feedForward: 5120, outputWidth: 1280, tableRows: 19_698};
    const words = (one: typeof small) =>
      modelRequest({published: one}, [], [{name: "another", ms: 500, shape: wide}]).consent.what.join(" ");
    expect(words(small)).toMatch(
      /about 828 MB; .*about 439 MB of this browser's storage\..* about 500 ms a cell, estimated/
    );
    expect(words(large)).toMatch(/about 3\.11 GB; .*about 2\.72 GB of this browser's storage\..* about 5\.1 s a cell/);
    expect(words(large)).toContain("state it differently: read both pages");
  });

  it("asks no host for files of this disk, and finds the gene dictionary among them", () => {
    const folder = [given("uce/config.json"), given("uce/model.safetensors"), given("uce/gene_dict.json")];
    const {title, consent} = modelRequest({files: folder});
    expect([title, consent.hosts, consent.asksGenes, (consent.dictionary as {name: string}).name]).toEqual([
      "uce",
      [],
      true,
      "gene_dict.json"
    ]);
    const bundle = modelRequest({files: [given("manifest.json"), given("genes.arrow")]}).consent;
    expect([bundle.asksGenes, bundle.dictionary]).toEqual([false, undefined]);
  });

  it("makes the order of the answer", () => {
    const request = modelRequest({address: "https://lab.example/model/"});
    expect(request.title).toBe("model");
    const blob = new Blob(["{}"]);
    expect(orderOf(request, {dictionary: {name: "d.json", blob}, species: ["mouse"]})).toEqual({
      from: {address: "https://lab.example/model/", hosts: []},
      genes: {file: blob, name: "d.json"},
      species: ["mouse"]
    });
    const dictionary = {address: "https://huggingface.co/a/b/blob/main/genes.json"};
    expect(orderOf(request, {dictionary, species: ["mouse"]}).genes).toEqual({
      address: "https://huggingface.co/a/b/resolve/main/genes.json"
    });
    expect(() => orderOf(request, {dictionary: {address: "genes.json"}, species: []})).toThrow(
      /no http or https address/
    );
    const v2 = modelRequest({address: "https://lab.example/model/", revision: "v2"});
    expect(v2.from).toEqual({address: "https://lab.example/model/", hosts: [], revision: "v2"});
    expect(v2.consent.title).toBe("model, revision v2");
  });

  it("refuses what is no address, and knows the host that a refused redirect led to", () => {
    for (const address of ["", "model", "ftp://a/b", "javascript:1"])
      expect(() => modelRequest({address})).toThrow(/no http or https address/);
    const details = {
      domain: "checkpoint",
      code: "redirected",
      fault: "x",
      remedy: "if you trust it, allow the host cdn.example:81"
    } as const;
    expect(redirectedTo(new WorkbookError(details))).toBe("cdn.example:81");
    expect(redirectedTo(new Error("x"))).toBeNull();
  });
});
