declare module "jsdom" {
  /** A document of HTML, without scripts. */
  export class JSDOM {
    constructor(html: string);
    readonly window: {readonly document: Document};
  }
}
