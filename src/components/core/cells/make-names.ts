/**
 * `name` as R's make.names writes it: "." for each character that an R name cannot hold, "X" before one that cannot begin
 * so. Source: R's documentation of make.names (ASCII names; reserved words are no symbols).
 */
export function makeNames(name: string): string {
  const whole = name.replace(/[^A-Za-z0-9._]/g, ".");
  return /^([A-Za-z]|\.(?!\d))/.test(whole) ? whole : `X${whole}`;
}
