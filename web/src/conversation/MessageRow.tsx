import { memo } from 'react';
import type { Conversation } from '../client/types';
import { hueStep } from '../text/names';
import { clockTime, dayLabel, fullTime } from '../text/time';
import { emojiOnly } from '../text/emoji';
import { Avatar } from '../ui/Avatar';
import { FailedNote } from './FailedNote';
import { MessageState } from './MessageState';
import { MessageText } from './MessageText';
import type { Row } from './rows';

interface Props {
  row: Row;
  now: number;
  conversation: Conversation;
  /** The sender's name; shown in groups, said in all. */
  sender: string;
  inGroup: boolean;
}

export const MessageRow = memo(
  function MessageRow({ row, now, conversation, sender, inGroup }: Props) {
    const { message, first, last } = row;
    const emoji = emojiOnly(message.text);
    const theirsInGroup = inGroup && !message.mine;
    const failed = message.state === 'failed';
    const classes = ['message', message.mine ? 'mine' : 'theirs', first && 'first', last && 'last', failed && 'failed',
      emoji > 0 && 'emoji', emoji > 0 && emoji < 4 && 'large', theirsInGroup && 'in-group'];
    return (
      <>
        {row.day !== null && <h2 className="day"><span>{dayLabel(row.day, now)}</span></h2>}
        {row.unread && <p className="unread-divider"><span>New messages</span></p>}
        <div className={classes.filter(Boolean).join(' ')}>
          {theirsInGroup && <span className="message-avatar">{last && <Avatar name={sender} seed={message.senderId} size="small" />}</span>}
          <div className="bubble">
            {theirsInGroup && first
              ? <span className={`sender hue-${hueStep(message.senderId)}`}><bdi>{sender}</bdi><span className="visually-hidden">:</span></span>
              : <span className="visually-hidden">{message.mine ? 'You' : sender}: </span>}
            <span className="message-text"><MessageText text={message.text} /></span>
            <span className="meta">
              <time dateTime={new Date(message.sentAt).toISOString()} title={fullTime(message.sentAt)}>{clockTime(message.sentAt)}</time>
              {message.mine && <MessageState state={message.state} />}
            </span>
          </div>
          {failed && <FailedNote message={message} conversation={conversation} />}
        </div>
      </>
    );
  },
  // Rows are worked out anew for every change of the conversation; most say the same as before.
  (a, b) =>
    a.row.message === b.row.message && a.row.day === b.row.day && a.row.unread === b.row.unread && a.row.first === b.row.first &&
    a.row.last === b.row.last && a.sender === b.sender && a.inGroup === b.inGroup && (a.now === b.now || b.row.day === null),
);
