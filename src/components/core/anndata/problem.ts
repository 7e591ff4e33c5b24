/** Something that a person should know about a file. "error": as it is the file is of no use to the model. */
export interface Problem {
  /** Stable kebab-case name ("negative", "no-gene-in-common", "duplicate-cells"). */
  code: string;
  severity: "error" | "warning" | "info";
  /** One sentence without a full stop, with the offending value. */
  message: string;
  /** Path in the file, or name of the matrix, where there is one. */
  place?: string;
  /** The way out: one imperative sentence without a full stop. */
  remedy: string;
  /** True if it is of a part that is not used, so that it bears on no result. */
  aside?: true;
}
