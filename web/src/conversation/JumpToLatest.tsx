import { Icon } from '../ui/Icon';

export function JumpToLatest({ shown, count, onJump }: { shown: boolean; count: number; onJump: () => void }) {
  const name = count === 0 ? 'Jump to the latest message' : `Jump to the latest message, ${count} new`;
  return (
    <button type="button" className={shown ? 'jump shown' : 'jump'} aria-label={name} title="Latest" onClick={onJump}
      tabIndex={shown ? 0 : -1} aria-hidden={!shown}>
      {count > 0 && <span className="badge">{count > 99 ? '99+' : count}</span>}
      <Icon name="down" size={24} />
    </button>
  );
}
