import { useEffect, useRef } from 'react';
import type { Chat, Member, User } from '../client/types';
import { useCaravan } from '../app/caravan';
import { noThirdPane, useMedia } from '../app/environment';
import { paths } from '../app/paths';
import { navigate } from '../app/router';
import { useAction } from '../app/useAction';
import { PersonRow } from '../people/PersonRow';
import { chatHueSeed, chatName, otherMember } from '../text/names';
import { dayLabel } from '../text/time';
import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';
import { ProblemNote } from '../ui/ProblemNote';
import { ListSkeleton } from '../ui/Skeleton';
import type { MembersView } from './members';

interface Props {
  chat: Chat;
  me: User;
  members: MembersView;
  onClose: () => void;
}

export function InfoPanel({ chat, me, members, onClose }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  // Where there is no room beside the conversation, the panel takes its place.
  const alone = useMedia(noThirdPane);
  const Title = alone ? 'h1' : 'h2';
  const group = chat.kind === 'group';
  const name = chatName(chat, me.id);
  const other = otherMember(chat, me.id);
  return (
    <div className="info-panel" role={alone ? 'main' : 'complementary'} aria-label={group ? 'Group info' : 'Chat info'}>
      <div className="pane-header">
        <Title ref={heading} tabIndex={-1} className="pane-title">{group ? 'Group info' : 'Chat info'}</Title>
        <button type="button" className="icon-button" onClick={onClose} aria-label="Close info"><Icon name="close" /></button>
      </div>
      <div className="info-body">
        <div className="info-who">
          <Avatar name={name} seed={chatHueSeed(chat, me.id)} size="huge" group={group} />
          <p className="who-name">{name}</p>
          <p className="who-username">{group ? `Group of ${chat.member_count}` : `@${other?.username ?? ''}`}</p>
          <p className="info-since">Since {since(chat)}</p>
        </div>
        {group && <Members members={members} me={me} />}
      </div>
    </div>
  );
}

function since(chat: Chat): string {
  const label = dayLabel(Date.parse(chat.created_at), Date.now());
  return label === 'Today' || label === 'Yesterday' ? label.toLowerCase() : label;
}

function Members({ members, me }: { members: MembersView; me: User }) {
  const caravan = useCaravan();
  const open = useAction(async (id: string) => navigate(paths.chat((await caravan.openDirect(id)).id)));
  const sorted = [...members.members].sort((a, b) => a.display_name.localeCompare(b.display_name));
  return (
    <section aria-labelledby="members">
      <p className="members-title" id="members">Members</p>
      <ProblemNote problem={open.problem ?? members.problem} />
      {members.problem && <button type="button" className="button quiet" onClick={members.retry}>Try again</button>}
      <ul className="people">
        {sorted.map((member) => <li key={member.user_id}>{row(member)}</li>)}
      </ul>
      {!members.complete && !members.problem && <ListSkeleton rows={4} />}
    </section>
  );

  function row(member: Member) {
    const inside = <PersonRow id={member.user_id} name={member.display_name} username={member.username} />;
    if (member.user_id === me.id) return <div className="person self">{inside}<span className="find-kind">You</span></div>;
    return (
      <button type="button" className="person" disabled={open.pending} onClick={() => void open.run(member.user_id)} title={`Message ${member.display_name}`}>
        {inside}
      </button>
    );
  }
}
