import { Dunes } from '../ui/Dunes';
import { Logo } from '../ui/Logo';
import { useChatList } from './caravan';
import { commandKey } from './shortcuts';

/** Beside the list while no chat is open; a phone shows the list alone. */
export function WelcomePane() {
  const { chats } = useChatList();
  return (
    <main className="welcome">
      <Dunes />
      <div className="welcome-words">
        <Logo size={56} />
        <h1>{chats.length > 0 ? 'Pick a chat to go on' : 'Your messages will be here'}</h1>
        <p>Press <kbd>{commandKey}</kbd> <kbd>K</kbd> to find people and chats.</p>
      </div>
    </main>
  );
}
