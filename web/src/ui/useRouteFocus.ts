import { useEffect, useRef } from 'react';

let first = true;

/**
 * Moves the focus to a page's heading when the page appears, so that keyboard and screen reader are where the eye is.
 * Not on the first page of a visit: there the browser's own start is right.
 */
export function useRouteFocus<E extends HTMLElement>() {
  const heading = useRef<E>(null);
  useEffect(() => {
    if (!first && !document.querySelector('dialog[open]')) heading.current?.focus({ preventScroll: true });
    first = false;
  }, []);
  return heading;
}
