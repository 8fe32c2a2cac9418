// Caravan's client library: everything a front end needs of the chat backend, without a framework.
//
//   machine/    values that decide: the delivery protocol, the outbox, attention, the chat list; no clock, no network
//   engine/     the shell of the leading tab: does what the machines ask for, publishes what they know, keeps it
//   tabs/       which tab leads, and what the tabs say to each other
//   transport/  HTTP with time limits and problems, the event stream, the calls of both roles
//   session/    who is logged in; tokens and their renewal
//   store/      what the browser keeps across visits
//   front/      what a tab makes of it: views whose objects stay the same until they change
export * from './types';
export type { CaravanOptions } from './options';
export { BEFORE_EVERYTHING, compareTimeUuid } from './ids';
export { createCaravan } from './caravan';
