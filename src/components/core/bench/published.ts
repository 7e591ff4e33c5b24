/** A figure that somebody else published; null where it could not be read. */
export interface PublishedFigure {
  name: string;
  value: number | null;
  note: string;
  /** The stage that it is the time of, where it is one stage's. */
  stage?: string;
}

/** Figures that others published, table by table, with where they stand. They were never measured here. */
export interface Published {
  source: string;
  machine: string;
  model: string;
  tables: {id: string; title: string; unit: string; rows: PublishedFigure[]}[];
}
