import { Icon } from '../ui/Icon';
import { Link } from './Link';
import { paths } from './paths';

export function NotFoundPage() {
  return (
    <main className="nothing">
      <span className="nothing-icon"><Icon name="search" size={32} /></span>
      <h1>Nothing here</h1>
      <p>The address leads nowhere. Perhaps a letter got lost on the way.</p>
      <Link href={paths.home} className="button">All chats</Link>
    </main>
  );
}
