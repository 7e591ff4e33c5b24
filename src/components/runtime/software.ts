import {readFileSync} from "node:fs";

/** Name and version of this program, as provenance records them. */
export const software: {name: string; version: string} = (() => {
  const {name, version} = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
    name: string;
    version: string;
  };
  return {name, version};
})();
