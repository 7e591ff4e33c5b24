import type {NamedGeneSet} from "./parse-gmt.js";

/**
 * Phases S and G2/M: Tirosh and others 2016, Science 352, as Seurat lists them, and the newer symbols of three of them (CENPU for MLF1IP, PIMREG for FAM64A, JPT1 for HN1).
 */
const cellCycle =
  "MCM5 PCNA TYMS FEN1 MCM2 MCM4 RRM1 UNG GINS2 MCM6 CDCA7 DTL PRIM1 UHRF1 MLF1IP CENPU HELLS RFC2 RPA2 NASP RAD51AP1 GMNN WDR76 SLBP CCNE2 UBR7 POLD3 MSH2 ATAD2 RAD51 RRM2 CDC45 CDC6 EXO1 TIPIN DSCC1 BLM CASP8AP2 USP1 CLSPN POLA1 CHAF1B BRIP1 E2F8 HMGB2 CDK1 NUSAP1 UBE2C BIRC5 TPX2 TOP2A NDC80 CKS2 NUF2 CKS1B MKI67 TMPO CENPF TACC3 FAM64A PIMREG SMC4 CCNB2 CKAP2L CKAP2 AURKB BUB1 KIF11 ANP32E TUBB4B GTSE1 KIF20B HJURP CDCA3 HN1 JPT1 CDC20 TTK CDC25C KIF2C RANGAP1 NCAPD2 DLGAP5 CDCA2 CDCA8 ECT2 KIF23 HMMR AURKA PSRC1 ANLN LBR CKAP5 CENPE CTCF NEK2 G2E3 GAS2L3 CBX5 CENPA";

const anyOf = (names: string): RegExp => new RegExp(`^(${names.split(" ").join("|")})$`, "i");

/** Kinds of genes that a cell's protocol, stress or state moves together, by their symbols (human; of mouse those that are spelled alike). */
const kinds: readonly {name: string; pattern: RegExp}[] = [
  {name: "ribosomal proteins", pattern: /^RP[LS](\d+[AXYL]{0,2}\d?|A|P[0-2])$/i},
  {name: "mitochondrial genes", pattern: /^MT-/i},
  {name: "heat shock", pattern: /^(HSP[ABCDEH]|DNAJ[ABC])[\dA-Z]+$/i},
  {
    name: "immediate early",
    pattern: anyOf("FOS FOSB JUN JUNB JUND EGR1 EGR2 EGR3 IER2 IER3 ATF3 DUSP1 ZFP36 NR4A1 KLF6")
  },
  {name: "cell cycle", pattern: anyOf(cellCycle)},
  {name: "hemoglobin", pattern: /^HB[ABDEGMQZ]\d?(-[A-Z]\w*)?$/i},
  {name: "MHC class I", pattern: anyOf("HLA-A HLA-B HLA-C HLA-E HLA-F HLA-G B2M")},
  {name: "MHC class II", pattern: /^(HLA-D[MOPQR][AB]\d?|CD74)$/i}
];

/** Names of the sets that `presetSets` makes. */
export const presetNames: readonly string[] = kinds.map(({name}) => name);

/** Sets of genes that are asked about in most files, of those among `symbols`; a set without genes there is left out. */
export function presetSets(symbols: readonly string[]): NamedGeneSet[] {
  return kinds
    .map(({name, pattern}) => ({name, genes: [...new Set(symbols.filter((symbol) => pattern.test(symbol)))]}))
    .filter(({genes}) => genes.length > 0);
}
