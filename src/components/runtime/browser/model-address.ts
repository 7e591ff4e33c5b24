/** Address of the embedded model's folder: this module stands at SITE/_import/components/runtime/browser/, wherever the site is. */
export const modelAddress = new URL("../../../../data/model/", import.meta.url);
