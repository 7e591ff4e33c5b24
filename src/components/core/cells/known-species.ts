/** What tells a species by the names of its genes. */
export interface KnownSpecies {
  /** Display name ("mouse"). */
  name: string;
  /** Other names that gene dictionaries have for it, in small letters. */
  alsoCalled: readonly string[];
  /** Beginnings of its gene ids. */
  ids: RegExp | null;
  /** Names of its genomes, as they stand before gene names: mm10_, GRCh38______. */
  genome: RegExp | null;
  /** How its symbols are written where that is not in capitals: Cd4, cd4. */
  letters?: "title" | "lower";
}

const genome = (names: string): RegExp => new RegExp(`^(${names})(?=[^A-Za-z0-9])`, "i");

/**
 * Species by the beginnings of their gene ids (Ensembl's stable ids, FlyBase, WormBase) and the names of their genome assemblies
 * (UCSC's and those of the Genome Reference Consortium).
 */
export const knownSpecies: readonly KnownSpecies[] = [
  {
    name: "human",
    alsoCalled: ["homo_sapiens"],
    ids: /^ENSG\d/,
    genome: genome("GRCh3[678]|hg1[89]|hg38|T2T|CHM13|human|homo_?sapiens")
  },
  {
    name: "mouse",
    alsoCalled: ["mus_musculus"],
    ids: /^ENSMUSG\d/,
    genome: genome("mm9|mm10|mm39|GRCm3[89]|mouse|mus_?musculus"),
    letters: "title"
  },
  {
    name: "rat",
    alsoCalled: ["rattus_norvegicus"],
    ids: /^ENSRNOG\d/,
    genome: genome("rn[567]|mRatBN7(\\.\\d)?|Rnor_6(\\.\\d)?"),
    letters: "title"
  },
  {
    name: "zebrafish",
    alsoCalled: ["danio_rerio"],
    ids: /^ENSDARG\d/,
    genome: genome("danRer1[01]|GRCz1[01]"),
    letters: "lower"
  },
  {name: "macaque", alsoCalled: ["macaca_mulatta", "rhesus_macaque", "rhesus"], ids: /^ENSMMUG\d/, genome: null},
  {
    name: "crab-eating macaque",
    alsoCalled: ["macaca_fascicularis", "crab_eating_macaque", "cynomolgus"],
    ids: /^ENSMFAG\d/,
    genome: null
  },
  {name: "mouse lemur", alsoCalled: ["microcebus_murinus", "mouse_lemur"], ids: /^ENSMICG\d/, genome: null},
  {name: "marmoset", alsoCalled: ["callithrix_jacchus"], ids: /^ENSCJAG\d/, genome: null},
  {name: "chimpanzee", alsoCalled: ["pan_troglodytes", "chimp"], ids: /^ENSPTRG\d/, genome: null},
  {name: "gorilla", alsoCalled: ["gorilla_gorilla"], ids: /^ENSGGOG\d/, genome: null},
  {name: "pig", alsoCalled: ["sus_scrofa", "sus_scrofa_domesticus"], ids: /^ENSSSCG\d/, genome: null},
  {name: "cow", alsoCalled: ["bos_taurus"], ids: /^ENSBTAG\d/, genome: null},
  {name: "sheep", alsoCalled: ["ovis_aries"], ids: /^ENSOARG\d/, genome: null},
  {name: "dog", alsoCalled: ["canis_lupus_familiaris", "canis_familiaris"], ids: /^ENSCAFG\d/, genome: null},
  {name: "rabbit", alsoCalled: ["oryctolagus_cuniculus"], ids: /^ENSOCUG\d/, genome: null},
  {name: "chicken", alsoCalled: ["gallus_gallus"], ids: /^ENSGALG\d/, genome: null},
  {name: "frog", alsoCalled: ["xenopus_tropicalis"], ids: /^ENSXETG\d/, genome: null, letters: "lower"},
  {name: "fruit fly", alsoCalled: ["drosophila_melanogaster", "fruit_fly"], ids: /^FBgn\d/, genome: null},
  {
    name: "roundworm (C. elegans)",
    alsoCalled: ["caenorhabditis_elegans", "c_elegans"],
    ids: /^WBGene\d/,
    genome: null
  },
  {name: "another species", alsoCalled: [], ids: /^ENS[A-Z]{3,4}G\d/, genome: null}
];
