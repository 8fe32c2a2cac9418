import { Link } from '../app/Link';
import { paths } from '../app/paths';
import { Icon } from '../ui/Icon';

export function NoChats() {
  return (
    <div className="no-chats">
      <p className="no-chats-title">No chats yet</p>
      <p>Find somebody you know and say hello.</p>
      <Link href={paths.newChat} className="button primary"><Icon name="search" size={18} /> Find people</Link>
    </div>
  );
}
