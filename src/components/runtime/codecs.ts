import {deflateCodecs} from "../adapters/fflate.js";
import {unzstd} from "../adapters/fzstd.js";
import type {Codecs} from "../core/sources/codecs.js";

/** What undoes compression, in Node and in browsers alike. */
export const codecs: Codecs = {...deflateCodecs, unzstd};
