/** See import-sources.js; `folder` is where the bundle is kept. */
export function importSources(path: string, folder?: string): Promise<Record<string, unknown>>;
