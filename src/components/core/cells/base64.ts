const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Bytes as base64 with padding (RFC 4648, 4). */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const three = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const four = [18, 12, 6, 0].map((shift) => alphabet[(three >> shift) & 63]);
    const left = bytes.length - i;
    parts.push(
      left >= 3
        ? four.join("")
        : four
            .slice(0, left + 1)
            .join("")
            .padEnd(4, "=")
    );
  }
  return parts.join("");
}
