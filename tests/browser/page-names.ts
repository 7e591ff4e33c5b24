import {readdirSync} from "node:fs";

/** Every page of the site, as its address below the site's ("index", "stages/load"). */
export const pageNames = readdirSync("src", {recursive: true, encoding: "utf8"})
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /\.md(\.[jt]s)?$/.test(path) && !/^(\.observablehq|components|data)\//.test(path))
  .map((path) => path.replace(/\.md(\.[jt]s)?$/, ""))
  .sort();
