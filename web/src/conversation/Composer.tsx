import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState, type KeyboardEvent, type Ref } from 'react';
import type { Conversation, Uuid } from '../client/types';
import { isTouch } from '../app/environment';
import { noteConversed } from '../app/notifications';
import { counterFrom, countScalars, messageLimit } from '../text/scalars';
import { Icon } from '../ui/Icon';
import { drafts } from './drafts';

interface Props {
  conversation: Conversation;
  me: Uuid;
  to: string;
  ref?: Ref<{ focus: () => void }>;
}

export function Composer({ conversation, me, to, ref }: Props) {
  const [text, setText] = useState(() => drafts.get(me, conversation.chatId));
  const field = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus({ preventScroll: true }) }), []);

  // As tall as its text, up to the stylesheet's limit, where the browser can't do that by itself.
  useLayoutEffect(() => {
    const element = field.current;
    if (!element || CSS.supports('field-sizing', 'content')) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [text]);

  // The draft is written a moment after the last key, and on the way out.
  const unsaved = useRef(text);
  unsaved.current = text;
  useEffect(() => {
    const timer = setTimeout(() => drafts.set(me, conversation.chatId, text), 250);
    return () => clearTimeout(timer);
  }, [text, me, conversation]);
  useEffect(() => {
    const save = () => drafts.set(me, conversation.chatId, unsaved.current);
    window.addEventListener('pagehide', save);
    return () => {
      window.removeEventListener('pagehide', save);
      save();
    };
  }, [me, conversation]);

  const length = text.length < counterFrom ? text.length : countScalars(text);
  const tooLong = length > messageLimit;
  const empty = text.trim() === '';

  function send() {
    if (empty || tooLong) return;
    conversation.send(text.replace(/^\s*\n|\s+$/g, ''));
    setText('');
    drafts.set(me, conversation.chatId, '');
    noteConversed();
    field.current?.focus({ preventScroll: true });
  }

  function pressed(event: KeyboardEvent) {
    // An Enter that ends the composition of a Japanese or Chinese word is not a wish to send.
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.shiftKey || event.altKey || isTouch()) return;
    event.preventDefault();
    send();
  }

  return (
    <form className="composer" onSubmit={(event) => { event.preventDefault(); send(); }}>
      <div className="composer-box">
        <textarea ref={field} rows={1} value={text} aria-label={`Message to ${to}`} placeholder="Message" dir="auto"
          onChange={(event) => setText(event.target.value)} onKeyDown={pressed} autoComplete="off"
          aria-invalid={tooLong || undefined} aria-describedby={length >= counterFrom ? 'composer-count' : undefined} />
        {length >= counterFrom && (
          <span id="composer-count" className={tooLong ? 'counter over' : 'counter'} role="status">
            {tooLong ? `${length - messageLimit} too many` : `${messageLimit - length} left`}
          </span>
        )}
      </div>
      {/* Pressing it must not take the focus from the field: on a phone that would put the keyboard away. */}
      <button type="submit" className="send-button" aria-label="Send" title="Send" disabled={empty || tooLong}
        onPointerDown={(event) => event.preventDefault()}>
        <Icon name="send" size={22} />
      </button>
    </form>
  );
}
