/**
 * Name and version of this program, as provenance records them. Framework serves no file above `src`, so package.json is
 * repeated here; a test holds the two together.
 */
export const software = {name: "uce-workbook", version: "0.1.0"};
