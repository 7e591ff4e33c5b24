/** A rule of a Snakefile that runs a command. */
export interface FoundRule {
  name: string;
  /** The rule as it stands. */
  text: string;
  /** The command's words after the program, with the configuration's options, as snakemake would give them; files are called "input.cells" and so on. */
  words: string[];
}

/** A configuration: names and values, nested. */
export interface Config {
  [name: string]: Config | string | number | boolean | null;
}

/** The part of JSON Schema that the workflow's uses. */
export interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: {pattern: string};
  required?: string[];
  minimum?: number;
  minProperties?: number;
  $ref?: string;
  definitions?: Record<string, JsonSchema>;
}

/** The rules of a Snakefile that have a shell command, in their order, for a configuration. */
export function rulesOf(snakefile: string, config: Config): FoundRule[] {
  const starts = [...snakefile.matchAll(/^(?:rule|checkpoint) (\w+):$/gm)];
  return starts.flatMap((start, i) => {
    const text = snakefile.slice(start.index, starts[i + 1]?.index);
    const shell = /\n    shell:\n((?: +"[^\n]*"\n)+)/.exec(text);
    if (shell === null) return [];
    const line = [...shell[1].matchAll(/"([^\n]*)"\n/g)].map(([, part]) => part).join("");
    const command = line.replace(/ >+ \S+ 2>\S*( \S+)?$/, "");
    const rendered = command.replace(/\{([\w.]+)(?::q)?\}/g, (_, place: string) => valueOf(place, text, config));
    return [{name: start[1], text, words: rendered.split(" ").filter((word) => word !== "")}];
  });
}

function valueOf(place: string, rule: string, config: Config): string {
  const [kind, name] = place.split(".");
  if (place === "params.command") return "";
  if (place === "wildcards.shard") return "2";
  if (place === "wildcards.of") return "4";
  if (kind !== "params" && place !== "threads") return place;
  const wanted = place === "threads" ? "threads: " : `\n        ${name}=`;
  const value = rule.slice(rule.indexOf(wanted) + wanted.length).split("\n")[0];
  const keys = [...value.matchAll(/\["(\w+)"\]/g)].map(([, key]) => key);
  if (keys.length === 0) return value.replace(/\W+/g, "-");
  return String(keys.reduce<unknown>((inner, key) => (inner as Config)[key], config));
}

/** YAML of nested names with plain values, and comments: what config.yaml is written in. Throws an Error for anything else. */
export function readPlainYaml(text: string): Config {
  const root: Config = {};
  const open: {indent: number; into: Config}[] = [{indent: -1, into: root}];
  for (const line of text.split("\n")) {
    if (/^\s*(#|$)/.test(line)) continue;
    const match = /^( *)(\w+):(?: (.+))?$/.exec(line);
    if (match === null) throw new Error(`not plain: ${line}`);
    const [, {length: indent}, name, value] = match;
    while (open[open.length - 1].indent >= indent) open.pop();
    const {into} = open[open.length - 1];
    if (value === undefined) {
      const inner: Config = {};
      into[name] = inner;
      open.push({indent, into: inner});
    } else
      into[name] =
        /^[\w/.-]*[A-Za-z][\w/.-]*$/.test(value) && !/^(true|false|null)$/.test(value)
          ? value
          : (JSON.parse(value) as Config);
  }
  return root;
}

/** What is wrong with a configuration by its schema, a line each. */
export function schemaFaults(value: unknown, schema: JsonSchema, root: JsonSchema = schema, place = ""): string[] {
  if (schema.$ref !== undefined)
    return schemaFaults(value, root.definitions![schema.$ref.split("/").at(-1)!], root, place);
  const types = [schema.type ?? []].flat();
  if (!types.some((type) => isOf(value, type))) return [`${place}: not ${types.join(" or ")}`];
  if (typeof value === "number")
    return value < (schema.minimum ?? -Infinity) ? [`${place}: below ${schema.minimum}`] : [];
  if (typeof value !== "object" || value === null) return [];
  const at = (name: string) => (place === "" ? name : `${place}.${name}`);
  const names = Object.keys(value);
  const faults = (schema.required ?? []).filter((name) => !names.includes(name)).map((name) => `${at(name)}: missing`);
  if (names.length < (schema.minProperties ?? 0)) faults.push(`${place}: fewer than ${schema.minProperties}`);
  for (const [name, inner] of Object.entries(value)) {
    if (schema.propertyNames && !new RegExp(schema.propertyNames.pattern).test(name)) {
      faults.push(`${place}: bad name ${name}`);
      continue;
    }
    const own =
      schema.properties?.[name] ??
      (typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined);
    if (own !== undefined) faults.push(...schemaFaults(inner, own, root, at(name)));
    else if (schema.additionalProperties === false) faults.push(`${at(name)}: unknown`);
  }
  return faults;
}

function isOf(value: unknown, type: string): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "null") return value === null;
  if (type === "object") return typeof value === "object" && value !== null;
  return typeof value === type;
}
