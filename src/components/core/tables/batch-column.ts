const words =
  "batch|donor|patient|subject|individual|sample|specimen|library|lane|plate|chip|channel|replicate|rep|run|protocol|chemistry|assay|platform|technology|dataset|study|project|experiment|gem|well|orig\\.?ident|split";
const named = new RegExp(`(^|[^a-z])(${words})s?([^a-z]|$)`, "i");
const camel = new RegExp(`^(${words})(id|name|no|num(ber)?)$`, "i");
const types = /cell.?type|celltype|annotation|cluster|leiden|louvain|label/i;

/**
 * True if an obs column of that name most likely says which batch, donor, sample or experiment a cell comes from, and not what kind of cell
 * it is ("donor", "sample_id", "orig.ident", "experiment_sample_name", "batch.1"; not "sample_cell_type"). Judged by the name alone.
 */
export function isBatchColumn(name: string): boolean {
  const spaced = name.replace(/([a-z])([A-Z])/g, "$1_$2");
  return !types.test(name) && (named.test(spaced) || camel.test(name));
}
