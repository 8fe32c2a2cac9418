// Shapes of what is coming. Shown late (useDelayed), so that a quick answer flashes nothing.

export function ListSkeleton({ rows = 7 }: { rows?: number }) {
  return (
    <div className="skeleton-list" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="skeleton-row">
          <span className="skeleton circle" />
          <span className="skeleton-lines">
            <span className={`skeleton line w${(index * 7) % 4}`} />
            <span className={`skeleton line thin w${(index * 5 + 2) % 4}`} />
          </span>
        </div>
      ))}
    </div>
  );
}

export function ConversationSkeleton() {
  return (
    <div className="skeleton-conversation" role="status" aria-label="Loading messages">
      {[1, 3, 0, 2, 1, 3].map((width, index) => (
        <span key={index} className={`skeleton bubble-shape w${width}${index % 3 === 1 ? ' mine' : ''}`} />
      ))}
    </div>
  );
}
