// The one polite live region. Messages that come in quick succession are said as a number, or a busy group would never be silent.
import { useEffect, useState } from 'react';
import { signal } from './signal';

const spoken = signal<{ text: string; count: number }>({ text: '', count: 0 });
const pause = 1500;

let waiting: string[] = [];
let summary: (count: number) => string = String;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says `text`; if several wait, `summarise` of how many instead. */
export function announce(text: string, summarise: (count: number) => string): void {
  waiting.push(text);
  summary = summarise;
  timer ??= setTimeout(say, waiting.length > 1 ? pause : 300);
}

function say(): void {
  const text = waiting.length > 2 ? summary(waiting.length) : waiting.join('. ');
  waiting = [];
  timer = undefined;
  if (text) spoken.set({ text, count: spoken.get().count + 1 });
  // What follows within the pause is gathered.
  timer = setTimeout(() => {
    timer = undefined;
    if (waiting.length > 0) say();
  }, pause);
}

export function Announcer() {
  const [current, setCurrent] = useState(spoken.get());
  useEffect(() => spoken.subscribe(() => setCurrent(spoken.get())), []);
  return (
    <div className="visually-hidden" role="status" aria-label="New messages" aria-live="polite">
      {/* The key makes a new node, so that the same words twice are said twice. */}
      <span key={current.count}>{current.text}</span>
    </div>
  );
}
