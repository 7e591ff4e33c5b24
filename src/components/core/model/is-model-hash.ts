/** True for a text that is a model's hash (sha256 in lower-case hex), by which a kept model is named. */
export function isModelHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
