const emoji = /^(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\p{Emoji_Modifier_Base}\p{Emoji_Modifier})/u;
const segmenter = typeof Intl !== 'undefined' && 'Segmenter' in Intl ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : null;

/** How many emoji a message is made of, 0 if it holds anything else or more than six: those are shown large, without a bubble. */
export function emojiOnly(text: string): number {
  // The longest emoji sequences have some 35 units; a long text need not be segmented to know.
  if (!segmenter || text.length === 0 || text.length > 220) return 0;
  let found = 0;
  for (const { segment } of segmenter.segment(text)) {
    if (segment.trim() === '') continue;
    if (!emoji.test(segment)) return 0;
    found += 1;
    if (found > 6) return 0;
  }
  return found;
}
