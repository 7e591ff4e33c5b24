/** This module stands at SITE/_import/components/runtime/browser/, wherever the site is. */
const folder = new URL("../../../../data/live/", import.meta.url);

/** A file that the site brings beside its pages (a report with `--live`); null if it has none of this name. */
export async function siteFile(name: string): Promise<File | null> {
  if (!/^[\w-][\w.-]*$/.test(name)) return null;
  const response = await fetch(new URL(name, folder)).catch(() => null);
  return response?.ok === true ? new File([await response.blob()], name) : null;
}
