import type { HTMLAttributes } from 'react';

/** The name of an event with the class of the event. */
export type EventName<EventClass extends Event> = string & { readonly eventClass: EventClass };

/** Props for events, with the name of the event that each listens to. */
export type EventNames = Readonly<Record<string, string | EventName<Event>>>;

type OwnKeys<Element extends HTMLElement> = Exclude<keyof Element, keyof HTMLElement>;

type PropertyProps<Element extends HTMLElement> = {
  [Key in OwnKeys<Element>]?: Element[Key] | undefined;
};

type EventProps<Events extends EventNames> = {
  [Key in keyof Events]?:
    ((event: Events[Key] extends EventName<infer EventClass> ? EventClass : Event) => void) | undefined;
};

/**
 * The props of a component for a custom element: its properties, its events, and what React gives to every tag. `Others`
 * are props beside them.
 */
export type ElementProps<
  Element extends HTMLElement,
  Events extends EventNames,
  Others = unknown,
> = PropertyProps<Element> &
  EventProps<Events> &
  Others &
  Omit<HTMLAttributes<Element>, OwnKeys<Element> | keyof Events>;
