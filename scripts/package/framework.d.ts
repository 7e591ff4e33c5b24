/**
 * For a project of Observable Framework: puts the package's files where Framework ships them from, so that pages can import
 * "uce-workbook". Call it in observablehq.config.js, before the configuration is exported; `root` is the folder of the pages ("src").
 * With `offline`, what pages import as `npm:` (Plot, d3, Arrow) is this package's copy, and a build asks no network.
 */
export declare function seedFramework(root?: string, options?: {offline?: boolean}): Promise<void>;
