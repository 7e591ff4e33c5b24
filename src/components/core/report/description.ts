import {WorkbookError} from "../errors.js";

/** Words about a data set, as UCSC Cell Browser's desc.conf names them; all may be left out. */
export interface Description {
  title?: string;
  abstract?: string;
  methods?: string;
  authors?: string;
  lab?: string;
  submitter?: string;
  institution?: string;
  paper_url?: string;
  other_url?: string;
  doi?: string;
  pmid?: string;
  geo_series?: string;
  arrayexpress?: string;
  sra_study?: string;
  ega_study?: string;
  license?: string;
  citation?: string;
}

/** A line of an overview: what it is, the words, and where they lead. */
export interface DescribedLine {
  label: string;
  text: string;
  href?: string;
}

const known: Record<keyof Description, [label: string, address?: (value: string) => string]> = {
  title: ["Title"],
  abstract: ["Abstract"],
  methods: ["Methods"],
  authors: ["Authors"],
  lab: ["Lab"],
  submitter: ["Submitted by"],
  institution: ["Institution"],
  paper_url: ["Paper", (value) => value],
  other_url: ["Website", (value) => value],
  doi: ["DOI", (value) => `https://doi.org/${value}`],
  pmid: ["PubMed", (value) => `https://pubmed.ncbi.nlm.nih.gov/${value}/`],
  geo_series: ["GEO", (value) => `https://www.ncbi.nlm.nih.gov/geo/query/acc.cgi?acc=${value}`],
  arrayexpress: ["ArrayExpress", (value) => `https://www.ebi.ac.uk/biostudies/arrayexpress/studies/${value}`],
  sra_study: ["SRA", (value) => `https://www.ncbi.nlm.nih.gov/sra/?term=${value}`],
  ega_study: ["EGA", (value) => `https://ega-archive.org/studies/${value}`],
  license: ["License"],
  citation: ["Citation"]
};

/**
 * The description in the text of a JSON file. `name` is for messages. Throws a WorkbookError of domain "usage", code "bad-description", if
 * it is no JSON object, has a tag that is not known, a value that is no text, or an address that is not https.
 */
export function parseDescription(text: string, name: string): Description {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw bad(`${name} is not JSON: ${(cause as Error).message}`, 'write it as JSON, for example {"title": "..."}');
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw bad(`${name} is no JSON object`, 'write {"title": "..."}');
  for (const [tag, words] of Object.entries(value)) {
    if (!Object.hasOwn(known, tag))
      throw bad(`${name} has a tag "${tag}", which is not known`, `use ${Object.keys(known).join(", ")}`);
    if (typeof words !== "string") throw bad(`${tag} in ${name} is no text`, "put it in quotes");
    if (tag.endsWith("_url") && !/^https:\/\/[^\s"<>]+$/.test(words))
      throw bad(`${tag} in ${name} is no https address: ${words}`, "give an address that begins with https://");
  }
  return value as Description;
}

/** What an overview shows of a description, in a fixed order; title, abstract and methods stand elsewhere. */
export function describedLines(description: Description): DescribedLine[] {
  return (Object.keys(known) as (keyof Description)[])
    .filter((tag) => !["title", "abstract", "methods"].includes(tag) && description[tag] !== undefined)
    .map((tag) => {
      const text = description[tag]!;
      const [label, of] = known[tag];
      const isAddress = tag === "license" && /^https:\/\/[^\s"<>]+$/.test(text);
      const address = isAddress ? (value: string) => value : of;
      return {
        label,
        text,
        ...(address === undefined ? {} : {href: tag.endsWith("_url") ? text : address(encodeURI(text))})
      };
    });
}

/** A CITATION.cff of a description (https://citation-file-format.github.io, 1.2.0). */
export function citationFile({title, authors, doi, license, citation}: Description, fallback: string): string {
  const lines = [
    "cff-version: 1.2.0",
    `message: ${JSON.stringify(citation ?? "If you use these data, please cite them.")}`,
    "type: dataset",
    `title: ${JSON.stringify(title ?? fallback)}`,
    "authors:",
    ...authorLines(authors ?? ""),
    ...(doi === undefined ? [] : [`doi: ${JSON.stringify(doi)}`]),
    ...(license === undefined ? [] : [`license-url: ${JSON.stringify(license)}`].filter(() => /^https:/.test(license)))
  ];
  return `${lines.join("\n")}\n`;
}

/** Authors between semicolons, "Family, Given" a person; without semicolons, names between commas. */
function authorLines(text: string): string[] {
  const names = text
    .split(text.includes(";") ? ";" : ",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return (names.length > 0 ? names : ["The authors of the data"]).flatMap((name) => {
    const [family, ...given] = name.split(/\s*,\s*/);
    if (given.length === 0) return [`  - name: ${JSON.stringify(name)}`];
    return [`  - family-names: ${JSON.stringify(family)}`, `    given-names: ${JSON.stringify(given.join(", "))}`];
  });
}

function bad(fault: string, remedy: string): WorkbookError {
  return new WorkbookError({domain: "usage", code: "bad-description", fault, remedy});
}
