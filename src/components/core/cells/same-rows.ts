/** True for equal lists of rows; null is a list of its own. */
export function sameRows(rows: ArrayLike<number> | null, others: ArrayLike<number> | null): boolean {
  if (rows === others) return true;
  if (rows === null || others === null || rows.length !== others.length) return false;
  for (let i = 0; i < rows.length; ++i) if (rows[i] !== others[i]) return false;
  return true;
}
