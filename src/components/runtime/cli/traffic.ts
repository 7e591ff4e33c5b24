import {isAddress} from "../../core/remote/data-address.js";
import type {ProgressLine} from "./progress.js";

/** What a host was asked so far. */
interface Traffic {
  requests: number;
  bytes: number;
}

/** Shows on the progress line what was read of a file's host; undefined for a file of this machine. */
export function tellTraffic(progress: ProgressLine, place: string): ((traffic: Traffic) => void) | undefined {
  if (!isAddress(place)) return undefined;
  return (traffic) => progress.say(trafficWords(traffic, place));
}

/** "12.4 MB read from example.org, 31 requests". */
export function trafficWords({requests, bytes}: Traffic, place: string): string {
  return `${(bytes / 1e6).toFixed(1)} MB read from ${new URL(place).host}, ${requests} request${requests === 1 ? "" : "s"}`;
}
