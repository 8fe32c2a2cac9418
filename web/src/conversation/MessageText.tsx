import { memo } from 'react';
import { linkify } from '../text/linkify';

export const MessageText = memo(function MessageText({ text }: { text: string }) {
  return linkify(text).map((piece, index) =>
    piece.href ? (
      <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer">{piece.text}</a>
    ) : (
      piece.text
    ),
  );
});
