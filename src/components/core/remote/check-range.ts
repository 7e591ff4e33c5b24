import type {HttpAnswer} from "./http-request.js";
import type {RemoteFaults} from "./remote-faults.js";

/** What is known of a file on a host from the answers so far. */
export interface KnownFile {
  byteLength: number;
  /** Its ETag, else its time of change; "" where the host says neither. */
  version: string;
}

/** A range that was asked for, and of what. */
export interface AskedRange {
  /** First byte. */
  at: number;
  /** One past the last byte. */
  end: number;
  address: string;
  /** What earlier answers said; undefined for the first. */
  known: KnownFile | undefined;
  faults: RemoteFaults;
}

/**
 * What an answer of status 206 says of its file. Throws "wrong-range" unless it begins where it was asked to and ends no later, and "changed" where
 * length or version are not those of earlier answers. Source: RFC 9110, 14.4 (Content-Range), 8.8 (validators).
 */
export function checkRange(
  answer: Pick<HttpAnswer, "header">,
  {at, end, address, known, faults}: AskedRange
): KnownFile {
  const given = answer.header("content-range");
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(given ?? "");
  const [from, to, byteLength] = (match ?? []).slice(1).map(Number);
  if (match === null || from !== at || to >= end || to >= byteLength) {
    throw faults.wrongRange(address, `${at} to ${end - 1}`, given);
  }
  const version = answer.header("etag") ?? answer.header("last-modified") ?? "";
  if (known !== undefined && byteLength !== known.byteLength) {
    throw faults.changed(address, "length", known.byteLength, byteLength);
  }
  if (known !== undefined && version !== known.version) throw faults.changed(address, "ETag", known.version, version);
  return {byteLength, version};
}
