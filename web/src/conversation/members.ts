// A chat answers with five of its members; the rest is read page by page, once, when their names are needed.
import { useEffect, useMemo, useState } from 'react';
import type { Chat, Conversation, Member, Problem, Uuid } from '../client/types';
import { problemOf } from '../app/problems';

const known = new Map<Uuid, Member[]>();

export function forgetMembers(): void {
  known.clear();
}

async function readAll(conversation: Conversation): Promise<Member[]> {
  const members: Member[] = [];
  let after: string | undefined;
  // 256 others at most; the bound is for a cursor that goes in circles.
  for (let page = 0; page < 60; page += 1) {
    const answer = await conversation.members(after);
    members.push(...answer.members);
    if (answer.next === null) break;
    after = answer.next;
  }
  return members;
}

export interface MembersView {
  members: readonly Member[];
  complete: boolean;
  problem: Problem | null;
  retry: () => void;
}

export function useMembers(conversation: Conversation, chat: Chat | null): MembersView {
  const [all, setAll] = useState<Member[] | null>(() => known.get(conversation.chatId) ?? null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [attempt, setAttempt] = useState(0);
  const more = chat !== null && chat.member_count > chat.members.length;
  const count = chat?.member_count ?? 0;

  useEffect(() => {
    if (!more || known.get(conversation.chatId)?.length === count) return;
    let current = true;
    setProblem(null);
    readAll(conversation).then(
      (members) => {
        known.set(conversation.chatId, members);
        if (current) setAll(members);
      },
      (error: unknown) => current && setProblem(problemOf(error)),
    );
    return () => {
      current = false;
    };
  }, [conversation, more, count, attempt]);

  return useMemo(
    () => ({
      members: more && all ? all : (chat?.members ?? []),
      complete: !more || all !== null,
      problem,
      retry: () => setAttempt((before) => before + 1),
    }),
    [all, chat, more, problem],
  );
}
