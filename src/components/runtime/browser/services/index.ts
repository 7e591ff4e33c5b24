import {scores} from "./scores.js";

/**
 * All that a page can ask of the worker's open file beside a run, by name; each is a `Service`. To add one: a file beside
 * this one and a line here; `WorkbookClient.ask` knows its types from here.
 */
export const services = {
  scores
};

/** Names, arguments and answers of the services. */
export type Services = typeof services;
/** Name of a service. */
export type ServiceName = keyof Services;
/** What a service is asked with. */
export type ServiceArguments<Name extends ServiceName> = Parameters<Services[Name]>[1];
/** What a service answers. */
export type ServiceAnswer<Name extends ServiceName> = Awaited<ReturnType<Services[Name]>>;
