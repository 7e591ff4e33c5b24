/** Hugging Face hands its large files over to hosts below these, so a redirect from one to another is its own. */
const huggingFace = /(^|\.)(huggingface\.co|hf\.co)$/;

/**
 * True if a redirect from one address to another may be followed by whoever agreed to the first host alone: within the host, within
 * Hugging Face, or to one of `hosts`; never from https to http.
 */
export function mayRedirect(from: URL, to: URL, hosts: readonly string[] = []): boolean {
  return (
    (to.protocol === "https:" || to.protocol === from.protocol) &&
    (to.host === from.host ||
      hosts.includes(to.host) ||
      hosts.includes(to.hostname) ||
      (huggingFace.test(from.hostname) && huggingFace.test(to.hostname)))
  );
}
