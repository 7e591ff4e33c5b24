const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const month = "(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*";
const dayFirst = new RegExp(`^x?(\\d{1,2})[-./ ]${month}(?:[-./ ]\\d{2,4})?$`, "i");
const monthFirst = new RegExp(`^${month}[-./ ](\\d{1,2})$`, "i");
const iso = /^X?(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[ T.]00[:.]00(?:[:.]00(?:[:.]0+)?)?)?$/;
/** How every form begins; a quick look, since most names are none. */
const begins = /^(x?\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;
const slashes = /^(\d{1,2})\/(\d{1,2})(?:\/\d{2,4})?$/;

/**
 * The dates that a spreadsheet may have read a gene's name as, each as `D-MON` ("1-MAR"); empty where `name` is no date.
 * More than one where a way of writing it leaves it open: 9/3 is a day of March or of September, and 2002-09-01 was 1-Sep
 * or Sep-02. Forms: 1-Mar, 01-Mar-2001, Mar-01, 2001-03-01 (00:00:00), 3/1, also after R's make.names (X1.Mar).
 */
export function spreadsheetDate(name: string): string[] {
  if (!begins.test(name)) return [];
  const of = (day: number, at: number) => (at >= 0 && at < 12 && day >= 1 && day <= 31 ? [`${day}-${months[at]}`] : []);
  const named = (text: string) => months.indexOf(text.slice(0, 3).toUpperCase());
  let match = dayFirst.exec(name);
  if (match !== null) return of(Number(match[1]), named(match[2]));
  match = monthFirst.exec(name);
  if (match !== null) return of(Number(match[2]), named(match[1]));
  match = iso.exec(name);
  if (match !== null) {
    const [year, at, day] = match.slice(1).map(Number);
    const asYear = day === 1 && year % 100 <= 31 ? of(year % 100, at - 1) : [];
    return [...new Set([...of(day, at - 1), ...asYear])];
  }
  match = slashes.exec(name);
  if (match === null) return [];
  const [first, second] = match.slice(1).map(Number);
  return [...new Set([...of(second, first - 1), ...of(first, second - 1)])];
}
