import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import type { User } from '../client/types';
import { SettingsPage } from '../account/SettingsPage';
import { ListPane } from '../chats/ListPane';
import { ConversationPage } from '../conversation/ConversationPage';
import { FindDialog } from '../people/FindDialog';
import { NewChatPage } from '../people/NewChatPage';
import { NewGroupPage } from '../people/NewGroupPage';
import { Announcer } from './Announcer';
import { NotFoundPage } from './NotFoundPage';
import type { Route } from './paths';
import { useDocumentTitle } from './useDocumentTitle';
import { useKeyboard } from './useKeyboard';
import { WelcomePane } from './WelcomePane';

/** For admins only: nobody else loads it. */
const BillPage = lazy(() => import('../bill/BillPage'));

/** What somebody who is logged in sees: the list, and beside or above it one page. */
export function Shell({ me, route }: { me: User; route: Route }) {
  const [finding, setFinding] = useState(false);
  const find = useCallback(() => setFinding(true), []);
  useKeyboard(route, find);
  useDocumentTitle(route, me);
  // A dialog belongs to the page it was opened on.
  useEffect(() => setFinding(false), [route]);

  return (
    <div className="shell" data-pane={route.name === 'home' ? 'list' : 'page'} data-info={route.name === 'chat' && route.info ? '' : undefined}>
      <ListPane me={me} route={route} onFind={find} />
      <Page me={me} route={route} />
      {finding && <FindDialog onClose={() => setFinding(false)} />}
      <Announcer />
    </div>
  );
}

function Page({ me, route }: { me: User; route: Route }) {
  switch (route.name) {
    case 'chat':
      return <ConversationPage key={route.chatId} chatId={route.chatId} info={route.info} me={me} />;
    case 'new':
      return <NewChatPage />;
    case 'newGroup':
      return <NewGroupPage />;
    case 'settings':
      return <SettingsPage />;
    case 'bill':
      return <Suspense fallback={<main className="page" aria-label="What it costs" />}><BillPage /></Suspense>;
    case 'unknown':
      return <NotFoundPage />;
    default:
      return <WelcomePane />;
  }
}
