/**
 * For a project of Observable Framework: puts the package's files where Framework ships them from, so that pages can import
 * "uce-workbook". Call it in observablehq.config.js, before the configuration is exported; `root` is the folder of the pages ("src").
 */
export declare function seedFramework(root?: string): Promise<void>;
