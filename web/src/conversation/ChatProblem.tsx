import type { Problem } from '../client/types';
import { Link } from '../app/Link';
import { paths } from '../app/paths';
import { problemText } from '../app/problems';
import { Icon } from '../ui/Icon';

/** In place of a chat that can't be shown. */
export function ChatProblem({ problem, inside = false }: { problem: Problem | undefined; inside?: boolean }) {
  const Frame = inside ? 'div' : 'main';
  return (
    <Frame className="nothing" role={inside ? 'alert' : undefined}>
      <span className="nothing-icon"><Icon name="alert" size={32} /></span>
      {!inside && <h1>No chat here</h1>}
      <p>{problem ? problemText(problem) : 'This chat can’t be read right now.'}</p>
      {!inside && <Link href={paths.home} className="button">All chats</Link>}
    </Frame>
  );
}
