/** The landscape behind the pages that hold little else. */
export function Dunes() {
  return (
    <svg className="dunes" viewBox="0 0 1200 300" preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false">
      <path className="dune far" d="M0 190C180 110 330 96 520 150s360 66 680-40v190H0z" />
      <path className="dune middle" d="M0 240c220-80 420-40 600-10s380 20 600-70v140H0z" />
      <path className="dune near" d="M0 270c260-10 420-50 640-34s380 40 560 4v60H0z" />
    </svg>
  );
}
