/** The style sheet of a page: colors that meet WCAG AA on either ground, one column on a telephone, black on white in print. */
const LIGHT = `--page:#fff;--ink:#1c2128;--soft:#57606a;--rule:#d0d7de;--panel:#f6f8fa;--ground:#8a929b;
--c0:#1b62c4;--c1:#c2410c;--c2:#18794e;--c3:#7a3e9d;--c4:#0b7285;--c5:#b4236b`;
const DARK = `--page:#0d1117;--ink:#d9dee4;--soft:#9aa4af;--rule:#30363d;--panel:#161b22;--ground:#6b7580;
--c0:#6cb6ff;--c1:#ff9b57;--c2:#5bd196;--c3:#c79bf2;--c4:#4fd1e0;--c5:#ff8cc0`;

export const STYLE = `:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
@media print{:root{color-scheme:light;${LIGHT}}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:76rem;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.2rem;margin:2rem 0 .5rem;padding-bottom:.25rem;border-bottom:1px solid var(--rule)}
h3{font-size:1rem;margin:0 0 .25rem}
p{margin:.5rem 0;max-width:48rem}
ul{margin:.5rem 0;padding-left:1.2rem;max-width:48rem}
.facts{display:flex;flex-wrap:wrap;gap:.25rem 2rem;margin:.5rem 0}
.facts div{display:flex;flex-direction:column-reverse}
.facts dt,.more,figcaption,footer{color:var(--soft);font-size:.875rem}
.facts dd{margin:0;font-size:1.25rem;font-variant-numeric:tabular-nums}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1.5rem 2rem;align-items:start}
figure{margin:0;max-width:30rem;break-inside:avoid}
figure svg[role=img]{display:block;width:100%;height:auto;overflow:visible}
figcaption p{margin:.25rem 0}
.keys{display:flex;flex-wrap:wrap;gap:.1rem 1rem;list-style:none;margin:.25rem 0;padding:0;font-size:.875rem}
.keys svg{vertical-align:-.1em}
.wide{overflow-x:auto;margin:.5rem 0 1rem}
table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
th,td{padding:.2rem 1rem .2rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule);unicode-bidi:isolate;white-space:nowrap}
.n{text-align:right}
.long{white-space:normal;min-width:16rem}
summary{cursor:pointer;color:var(--soft);font-size:.875rem;margin:.25rem 0}
pre{background:var(--panel);border:1px solid var(--rule);border-radius:6px;padding:.75rem;overflow-x:auto;font-size:.8125rem;white-space:pre-wrap}
code{font-family:ui-monospace,monospace}
footer{margin-top:2rem;border-top:1px solid var(--rule);padding-top:.5rem}
@media print{body{max-width:none;padding:0}.wide{overflow:visible}th,td{white-space:normal;padding-right:.5rem;overflow-wrap:anywhere}.charts{grid-template-columns:1fr 1fr}section{break-inside:auto}h2,h3{break-after:avoid}}
`;
