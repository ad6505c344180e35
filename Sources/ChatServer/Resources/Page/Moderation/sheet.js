// The style of what this part adds to the page. The page's policy has its hash.

export const SHEET = `
.act { position: absolute; right: .5rem; top: 0; min-height: 1.6rem; line-height: 1; opacity: 0; }
.line:hover .act, .act:focus-visible { background: var(--hover); opacity: 1; }
@media (hover: none) { .act { opacity: 1; } }
.menu {
  position: absolute; z-index: 6; display: flex; flex-direction: column; min-width: 11rem;
  padding: .3rem; border-radius: .7rem; background: var(--raised); box-shadow: var(--shadow);
}
.menu p {
  max-width: 14rem; padding: .2rem .6rem; overflow: hidden; color: var(--faint); font-size: .8rem;
  text-overflow: ellipsis; white-space: nowrap;
}
.menu button { min-height: 2.2rem; background: none; color: var(--ink); text-align: start; }
.menu button:hover, .menu button:focus-visible { background: var(--hover); }
button.alarm { background: var(--alarm); color: var(--surface); }
#desk {
  position: absolute; z-index: 6; right: 0; top: calc(3.4rem + env(safe-area-inset-top));
  display: none; width: min(22rem, 95vw); background: var(--raised); box-shadow: var(--shadow);
}
#desk.open { display: flex; }
#desk-button { font-weight: 600; }
#desk h3 { margin: .6rem 0 0; padding: 0 .25rem; font-size: .9rem; }
#desk .row { align-items: center; flex-wrap: wrap; }
#desk .form { display: flex; flex-direction: column; gap: .5rem; padding: 0 .25rem; }
#desk label { display: flex; align-items: center; gap: .6rem; font-size: .9rem; }
#desk label span { flex: 1; }
#desk label input { flex: none; width: 6rem; min-height: 2rem; padding: .2rem .5rem; }
#desk label input[type=checkbox] { width: 1.5rem; height: 1.5rem; min-height: 0; }
#confirm { padding: .7rem; border-radius: .7rem; background: var(--alarm-ground); }
.held li, .entries li {
  padding: .4rem .25rem; border-bottom: 1px solid var(--edge); font-size: .85rem;
  overflow-wrap: anywhere;
}
.entries { margin: 0; padding: 0; list-style: none; }
#modes, #wait { grid-column: 1 / -1; font-size: .8rem; color: var(--faint); }
#modes:empty, #wait:empty { display: none; }
#wait { color: var(--warn); font-weight: 600; font-variant-numeric: tabular-nums; }
#pin {
  max-height: 4.5rem; padding: .5rem 1rem; overflow: auto; border-bottom: 1px solid var(--edge);
  background: var(--own); font-size: .9rem; overflow-wrap: anywhere;
}
#pin b { color: var(--accent); }
`;
