"""How the report looks, on a screen and on paper."""

STYLE = """
:root { color-scheme: light; --ink: #1b1f24; --soft: #66707c; --line: #e3e7eb; }
* { box-sizing: border-box; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0; background: #f5f6f8; color: var(--ink);
  font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 26px; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 17px; margin: 0 0 12px; }
h3 { font-size: 14px; margin: 0; }
header p, small, .legend, article p { color: var(--soft); }
header p { margin: 4px 0 20px; }
section, .tiles > div { background: #fff; border: 1px solid var(--line); border-radius: 10px; }
section { padding: 18px 20px; margin-top: 16px; overflow-x: auto; }
.tiles { display: grid; grid-template-columns: repeat(6, 1fr); gap: 12px; }
.tiles > div { padding: 14px 16px; }
.tiles b { display: block; font-size: 24px; letter-spacing: -0.02em; white-space: nowrap; }
.tiles span { color: var(--soft); font-size: 13px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-weight: 500; font-size: 12px; color: var(--soft); }
th, td { padding: 6px 10px 6px 0; border-bottom: 1px solid var(--line); vertical-align: middle; }
tbody tr:last-child td { border-bottom: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th.number { padding-left: 4px; }
td em { font-style: normal; font-weight: 600; }
svg { display: block; max-width: 100%; height: auto; }
svg text { font-size: 12px; fill: var(--soft); }
.legend { margin: -6px 0 8px; font-size: 13px; }
.legend i { display: inline-block; width: 18px; height: 10px; margin: 0 6px 0 14px; }
.policy { background: #56B4E9; }
.operator { background: #fff; border: 1px solid var(--ink); }
.hold { background: #b8bec6; }
.rewind { background: #8E24AA; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 16px; }
article { break-inside: avoid; }
article p { margin: 2px 0 8px; font-size: 13px; }
figure { display: grid; grid-template-columns: 1fr 1fr; gap: 4px; margin: 0 0 4px; }
figure img, .none { width: 100%; border-radius: 5px; background: #eceff2; image-rendering: auto; }
.none { aspect-ratio: 1; display: grid; place-items: center; color: var(--soft); font-size: 12px; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 4px; margin: 0; }
@media (max-width: 900px) { .tiles { grid-template-columns: repeat(3, 1fr); } }
@media print {
  @page { size: A4; margin: 14mm; }
  body { background: #fff; font-size: 12px; }
  main { max-width: none; padding: 0; }
  .tiles { grid-template-columns: repeat(3, 1fr); }
  section { border: 0; padding: 8px 0; margin-top: 10px; overflow: visible; }
  tr, figure { break-inside: avoid; }
  h2 { break-after: avoid; }
}
"""
