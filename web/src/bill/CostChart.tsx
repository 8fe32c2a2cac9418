import { useEffect, useRef, useState } from 'react';
import type { BillDay } from '../client/types';
import { dollars } from '../text/figures';
import { costsOf, dayName, scale, type Costs } from './billFigures';

const HEIGHT = 220;
const FRAME = { top: 10, right: 22, bottom: 24, left: 56 };
/** At most what a digit of the axis takes, in pixels. */
const DIGIT = 6.6;

/** Dollars a day: bars for Caravan, a line with marks for each of the other designs, which differ in their dashes and marks too. */
export function CostChart({ days }: { days: readonly BillDay[] }) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const costs = days.map(costsOf);
  const sum = (of: (c: Costs) => number) => dollars(costs.reduce((all, c) => all + of(c), 0));
  const says =
    `Dollars a day over ${days.length} ${days.length === 1 ? 'day' : 'days'}. In all: Caravan ${sum((c) => c.caravan)}, `
    + `a fixed window of 3 seconds ${sum((c) => c.perWindow)}, a document per message ${sum((c) => c.perMessage)}.`;
  return (
    <figure className="bill-chart">
      <ul className="bill-legend">
        <li><Key kind="caravan" /> Caravan</li>
        <li><Key kind="window" /> Fixed 3 s window</li>
        <li><Key kind="message" /> Document per message</li>
      </ul>
      <div ref={place} className="bill-chart-place">
        <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={says}>
          <Drawing costs={costs} width={width} />
        </svg>
      </div>
    </figure>
  );
}

function Drawing({ costs, width }: { costs: readonly Costs[]; width: number }) {
  const { top, marks } = scale(Math.max(...costs.flatMap((c) => [c.caravan, c.perWindow, c.perMessage]), 0));
  const left = Math.max(FRAME.left, 14 + DIGIT * Math.max(...marks.map((mark) => dollars(mark).length)));
  const inner = width - left - FRAME.right;
  const slot = inner / Math.max(1, costs.length);
  const x = (i: number) => left + (i + 0.5) * slot;
  const y = (value: number) => HEIGHT - FRAME.bottom - (value / top) * (HEIGHT - FRAME.top - FRAME.bottom);
  const bar = Math.min(28, Math.max(2, slot * 0.6));
  // So many labels as have room.
  const every = Math.max(1, Math.ceil(52 / slot));
  return (
    <>
      {marks.map((mark) => (
        <g key={mark}>
          <line className="bill-grid" x1={left} x2={width - FRAME.right} y1={y(mark)} y2={y(mark)} />
          <text className="bill-axis" x={left - 8} y={y(mark)} dy="0.32em" textAnchor="end">{dollars(mark)}</text>
        </g>
      ))}
      {costs.map((c, i) => (
        <g key={c.day}>
          <title>{`${dayName(c.day)}: Caravan ${dollars(c.caravan)}, fixed window ${dollars(c.perWindow)}, per message ${dollars(c.perMessage)}`}</title>
          <rect className="bill-slot" x={left + i * slot} y={FRAME.top} width={slot} height={HEIGHT - FRAME.top - FRAME.bottom} />
          <rect className="bill-fill caravan" x={x(i) - bar / 2} y={y(c.caravan)} width={bar} height={Math.max(0, y(0) - y(c.caravan))} rx={Math.min(3, bar / 4)} />
          {(costs.length - 1 - i) % every === 0 && <text className="bill-axis" x={x(i)} y={HEIGHT - 6} textAnchor="middle">{dayName(c.day)}</text>}
        </g>
      ))}
      <polyline className="bill-line window" points={costs.map((c, i) => `${x(i)},${y(c.perWindow)}`).join(' ')} />
      <polyline className="bill-line message" points={costs.map((c, i) => `${x(i)},${y(c.perMessage)}`).join(' ')} />
      {costs.map((c, i) => (
        <g key={c.day} className="bill-marks">
          <circle className="bill-mark window" cx={x(i)} cy={y(c.perWindow)} r={3} />
          <rect className="bill-mark message" x={x(i) - 3} y={y(c.perMessage) - 3} width={6} height={6} />
        </g>
      ))}
    </>
  );
}

function Key({ kind }: { kind: 'caravan' | 'window' | 'message' }) {
  return (
    <svg width={22} height={12} viewBox="0 0 22 12" aria-hidden="true">
      {kind === 'caravan' ? <rect className="bill-fill caravan" x={5} y={1} width={12} height={10} rx={2} /> : <line className={`bill-line ${kind}`} x1={0} x2={22} y1={6} y2={6} />}
      {kind === 'window' && <circle className="bill-mark window" cx={11} cy={6} r={3} />}
      {kind === 'message' && <rect className="bill-mark message" x={8} y={3} width={6} height={6} />}
    </svg>
  );
}

/** Drawn in pixels of the screen, so that letters and lines keep their size on a phone. */
function useWidth(place: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(560);
  useEffect(() => {
    const element = place.current;
    if (!element || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(([entry]) => entry && entry.contentRect.width > 0 && setWidth(Math.round(entry.contentRect.width)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return width;
}
