import {main} from "/work/wt-pfiles/src/components/runtime/cli/main.js";
import {readFileSync, readdirSync} from "node:fs";
import {tableFromIPC} from "apache-arrow";
import {createHash} from "node:crypto";
async function cli(...args: string[]) {
  let text = "",
    errors = "";
  const status = await main(args, {
    stdout: {write: (p: any) => (text += p)} as any,
    stderr: {write: (p: any) => (errors += p)} as any
  });
  return {status, text, errors};
}
const hash = (p: string) => {
  const t = tableFromIPC(readFileSync(p));
  const h = createHash("sha1");
  for (const r of t) h.update(JSON.stringify([r.row, r.status, r.tokens === null ? null : [...r.tokens]]));
  return h.digest("hex").slice(0, 8);
};
const dir = process.argv[2];
const only = process.argv[3];
await cli("sentences", "/work/shared/data/users-files/control.h5ad", "--out", "/tmp/pf/c.arrow");
const control = hash("/tmp/pf/c.arrow");
for (const f of readdirSync(dir).filter((n) => /^t\d/.test(n) && (!only || n.includes(only)))) {
  const i = await cli("inspect", `${dir}/${f}`, "--json");
  const s = await cli("sentences", `${dir}/${f}`, "--out", "/tmp/pf/o.arrow", "--json");
  console.log(
    `== ${f} inspect ${i.status} sentences ${s.status}`,
    s.status === 0 ? (hash("/tmp/pf/o.arrow") === control ? "AS CONTROL" : "DIFFERENT") : ""
  );
  if (i.status === 0) {
    const j = JSON.parse(i.text);
    console.log("  ", j.matrix.name, "|", j.matrix.reason, "|", j.genes.source, j.genes.aligned, "/", j.genes.nGenes);
    for (const p of j.problems)
      console.log(
        "   -",
        p.severity,
        p.code,
        p.aside ? "(aside)" : "",
        "|",
        p.message.slice(0, 330),
        "=>",
        p.remedy.slice(0, 200)
      );
  } else console.log("   I:", i.errors.trim());
  console.log("   S:", s.errors.trim().slice(0, 600).replace(/\n/g, "\n      "));
}
