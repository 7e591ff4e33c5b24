import {WorkbookError} from "../core/errors.js";
import {dataAddress, nameOfAddress} from "../core/remote/data-address.js";
import type {AddressToOpen} from "../views/address-opening.js";

const agreedMark = "uce-workbook-addresses";

/** True if a person agreed in this tab that the file at an address is read. */
export function isAgreed(address: string): boolean {
  return agreed().includes(address);
}

/** Remembers for this tab that a person agreed to the address, so that its next pages and a reload do not ask again. */
export function noteAgreed(address: string): void {
  try {
    sessionStorage.setItem(agreedMark, JSON.stringify([...agreed().filter((one) => one !== address), address]));
  } catch {
    // Where nothing may be kept, it is asked again.
  }
}

function agreed(): string[] {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(agreedMark) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

const onThisMachine = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The file at an address that was given, before anything is asked. `secure`: whether this page came by https. Throws a WorkbookError: of domain
 * "usage" for what is no address; "mixed-content" where a browser would refuse the request.
 */
export function addressToOpen(text: string, secure: boolean): AddressToOpen {
  const url = dataAddress(text);
  const {href: address, host, hostname, protocol} = url;
  if (secure && protocol === "http:" && !onThisMachine.test(hostname)) {
    throw new WorkbookError({
      domain: "file",
      code: "mixed-content",
      fault: `this page came by https, and browsers let such pages read nothing by http (${address})`,
      remedy: "give an https address of the file, or download it and open it from your disk"
    });
  }
  return {address, host, name: nameOfAddress(url)};
}
