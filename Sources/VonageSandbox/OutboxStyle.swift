/// The style sheet of the outbox page.
enum OutboxStyle {
  static let css = """
    :root {
      color-scheme: light dark;
      --paper: #f5f6f8; --card: #ffffff; --ink: #1b1f27; --soft: #555d6b; --line: #c9ced8; --accent: #5b2bd9;
      --on-accent: #ffffff;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #14161b; --card: #1e2128; --ink: #eceef2; --soft: #adb4c1; --line: #414856; --accent: #b9a2ff;
        --on-accent: #14161b;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0 auto; max-width: 44rem; padding: 1.5rem 1rem 3rem; background: var(--paper); color: var(--ink);
      font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
    }
    h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; }
    h2 { margin: 2.5rem 0 0.5rem; font-size: 1.25rem; }
    header p { margin: 0.25rem 0 1.5rem; color: var(--soft); }
    .bar { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: center; }
    .button, button {
      display: inline-block; min-height: 2.75rem; padding: 0.55rem 1.1rem; border: 1px solid var(--accent);
      border-radius: 0.5rem; font: inherit; font-weight: 600; line-height: 1.5; text-decoration: none; cursor: pointer;
    }
    .button { background: var(--accent); color: var(--on-accent); }
    button { background: transparent; color: var(--accent); }
    .button:focus-visible, button:focus-visible, summary:focus-visible {
      outline: 3px solid var(--accent); outline-offset: 2px;
    }
    .empty { padding: 2rem 1rem; border: 1px dashed var(--line); border-radius: 0.75rem; text-align: center; }
    .messages { margin: 1rem 0; padding: 0; list-style: none; }
    .messages li {
      margin: 0 0 0.75rem; padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--line);
      border-radius: 0.75rem;
    }
    .messages p { margin: 0; }
    .to { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; justify-content: space-between; }
    .kind, .meta { color: var(--soft); font-size: 0.875rem; }
    .pin { margin: 0.25rem 0; font: 700 2rem/1.2 ui-monospace, monospace; letter-spacing: 0.15em; }
    .meta { margin-top: 0.5rem; }
    code { font: 0.875em ui-monospace, monospace; }
    details { margin: 0.5rem 0; padding: 0 1rem; background: var(--card); border: 1px solid var(--line); }
    details { border-radius: 0.5rem; }
    summary { padding: 0.75rem 0; font-weight: 600; cursor: pointer; }
    table { width: 100%; margin-bottom: 1rem; border-collapse: collapse; font-size: 0.9375rem; }
    th, td { padding: 0.4rem 0.75rem 0.4rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
    tbody th { font-weight: 400; min-width: 9.5rem; font-variant-numeric: tabular-nums; }

    """
}
